using System.Text;
using Supervisor.Actors.Common;

namespace Supervisor.Actors.Tests.Common;

public sealed class LineBufferTests
{
    private static List<string> Lines(int limit, params string[] pieces)
    {
        var (buffer, lines) = (new LineBuffer(limit), new List<string>());
        foreach (var piece in pieces) buffer.Append(Encoding.UTF8.GetBytes(piece), line => lines.Add(Encoding.UTF8.GetString(line)));
        return lines;
    }

    [Fact]
    public void A_line_may_come_in_pieces_and_a_piece_may_hold_lines() => Assert.Equal(["one", "", "three"], Lines(100, "o", "ne\n\nthr", "ee\nfo"));

    [Fact]
    public void A_line_over_the_limit_is_cut_and_its_rest_skipped() => Assert.Equal(["1234", "ok"], Lines(4, "123", "456", "789\nok\n"));

    [Fact]
    public void A_long_line_that_comes_whole_is_cut_at_the_same_place() => Assert.Equal(["1234", "ok"], Lines(4, "123456789\nok\n"));

    [Fact]
    public void A_long_line_that_ends_with_its_second_piece_is_cut_too() => Assert.Equal(["1234", "ok"], Lines(4, "123", "456789\nok\n"));

    [Fact]
    public void A_line_of_just_the_limit_is_whole() => Assert.Equal(["1234", "ok"], Lines(4, "12", "34", "\nok\n"));
}
