using System.Net;
using Microsoft.AspNetCore.Http;
using Supervisor.Host.Configuration;
using Supervisor.Host.Endpoints;

namespace Supervisor.Host.Tests.Endpoints;

[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class GuardTests
{
    private const string Token = "0123456789abcdef";

    private static readonly EdgeOptions Local = new()
    {
        Node = "n1",
        Version = "1",
        StateDirectory = "/nowhere",
        Listen = new IPEndPoint(IPAddress.Loopback, 8558),
    };

    private static readonly EdgeOptions Reachable = Local with { Listen = new IPEndPoint(IPAddress.Any, 8558), Token = Token };

    private static readonly Knock Read = new("GET", "http", new HostString("127.0.0.1", 8558), 8558, null, null, null);
    private static readonly Knock Write = Read with { Method = "POST" };

    [Theory]
    [InlineData("localhost:8558", true)]
    [InlineData("LOCALHOST:8558", true)]
    [InlineData("127.0.0.1:8558", true)]
    [InlineData("[::1]:8558", true)]
    [InlineData("127.0.0.1:80", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("rebound.example:8558", false)]
    [InlineData("127.0.0.1.example:8558", false)]
    [InlineData("", false)]
    public void On_loopback_only_our_own_names_pass(string host, bool passes)
    {
        Assert.Equal(passes ? null : 403, Guard.Judge(Read with { Host = new HostString(host) }, Local)?.Status);
        Assert.Equal(passes ? null : 403, Guard.Judge(Write with { Host = new HostString(host) }, Local)?.Status);
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("http://127.0.0.1:8558", true)]
    [InlineData("http://127.0.0.1:9999", false)]
    [InlineData("https://127.0.0.1:8558", false)]
    [InlineData("http://evil.example", false)]
    [InlineData("null", false)]
    public void A_write_comes_from_our_own_page_or_from_none(string? origin, bool passes)
    {
        Assert.Equal(passes ? null : 403, Guard.Judge(Write with { Origin = origin }, Local)?.Status);
        Assert.Null(Guard.Judge(Read with { Origin = origin }, Local));
    }

    [Theory]
    [InlineData(null, 401)]
    [InlineData("Bearer wrong", 401)]
    [InlineData("Basic " + Token, 401)]
    [InlineData("Bearer " + Token + "x", 401)]
    [InlineData("Bearer " + Token, null)]
    [InlineData("bearer " + Token, null)]
    public void Off_loopback_every_request_needs_the_token(string? authorization, int? status)
    {
        var host = new HostString("build.example", 8558);
        Assert.Equal(status, Guard.Judge(Read with { Host = host, Authorization = authorization }, Reachable)?.Status);
        Assert.Equal(status, Guard.Judge(Write with { Host = host, Authorization = authorization }, Reachable)?.Status);
    }

    [Fact]
    public void A_configured_token_is_asked_for_on_loopback_too() =>
        Assert.Equal(401, Guard.Judge(Read, Local with { Token = Token })?.Status);

    [Fact]
    public void Off_loopback_nothing_starts_without_a_token() => Assert.NotNull(TokenFile.Demand(loopback: false, token: null));

    [Fact]
    public void Read_only_refuses_every_write()
    {
        Assert.Equal(405, Guard.Judge(Write, Local with { ReadOnly = true })?.Status);
        Assert.Null(Guard.Judge(Read, Local with { ReadOnly = true }));
    }

    [Fact]
    public void A_body_of_more_than_a_mebibyte_is_refused()
    {
        Assert.Null(Guard.Judge(Write with { ContentLength = 1 << 20 }, Local));
        Assert.Equal(413, Guard.Judge(Write with { ContentLength = (1 << 20) + 1 }, Local)?.Status);
    }

    [Fact]
    public void A_token_file_that_others_may_read_is_refused()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, Token + "\n");
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
            Assert.Contains("chmod 600", TokenFile.Read(file).Error, StringComparison.Ordinal);
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            Assert.Equal((Token, null), TokenFile.Read(file));
        }
        finally
        {
            File.Delete(file);
        }
    }
}
