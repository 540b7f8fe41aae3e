using Supervisor.Actors.Events;
using Supervisor.Actors.Outside;
using Supervisor.Messages.Events;

namespace Supervisor.Actors.Tests.Events;

public sealed class EventFilesTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("events-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Numbers_go_on_after_a_restart()
    {
        Opened().Append([Entry(1), Entry(2)]);
        Assert.Equal(new EventTail(2, 0), new EventFiles(_directory).Open());
    }

    [Fact]
    public void A_torn_last_line_is_cut_off_and_its_number_used_again()
    {
        Opened().Append([Entry(1), Entry(2)]);
        File.AppendAllText(Newest(), "{\"seq\":3,\"at\":");

        var files = new EventFiles(_directory);
        Assert.Equal(new EventTail(2, 14), files.Open());
        files.Append([Entry(3)]);
        Assert.Equal([1L, 2, 3], files.Read(0).Select(e => e.Seq));
    }

    [Fact]
    public void A_segment_that_holds_only_a_torn_line_still_tells_its_number()
    {
        File.WriteAllText(Path.Combine(_directory, "events-41.jsonl"), "{\"se");
        Assert.Equal(new EventTail(40, 4), new EventFiles(_directory).Open());
    }

    [Fact]
    public void Entries_written_already_are_not_written_twice()
    {
        var files = Opened();
        files.Append([Entry(1), Entry(2)]);
        files.Append([Entry(2), Entry(3)]);
        Assert.Equal([1L, 2, 3], files.Read(0).Select(e => e.Seq));
    }

    [Fact]
    public void Only_the_newest_segments_are_kept()
    {
        var files = Opened(segmentBytes: 1, segments: 3);
        for (var seq = 1; seq <= 5; seq++)
        {
            files.Append([Entry(seq)]);
        }

        Assert.Equal([3L, 4, 5], files.Read(0).Select(e => e.Seq));
        Assert.Equal([5L], files.Read(4).Select(e => e.Seq));
    }

    private EventFiles Opened(long segmentBytes = 1 << 20, int segments = 8)
    {
        var files = new EventFiles(_directory, segmentBytes, segments);
        files.Open();
        return files;
    }

    private string Newest() => Directory.GetFiles(_directory).Order().Last();

    private static EventEntry Entry(long seq) =>
        EventLines.Describe(new NodeEvent("daemon.started", null, new Dictionary<string, string>(), []), seq, "n1", DateTimeOffset.UnixEpoch)!;
}
