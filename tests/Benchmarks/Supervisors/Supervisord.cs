using System.Diagnostics;
using System.Net.Sockets;
using Supervisor.Benchmarks.Measuring;

namespace Supervisor.Benchmarks.Supervisors;

sealed class Supervisord : Candidate
{
    public override string Name => "supervisord";
    public override string? Missing => Command.Find("supervisord") is null ? NotInstalled : null;

    protected override void Write()
    {
        using var file = File.CreateText(In("supervisord.conf"));
        file.WriteLine($"""
            [supervisord]
            nodaemon=true
            logfile={In("supervisord.log")}
            pidfile={In("supervisord.pid")}
            childlogdir={Folder}
            identifier=benchmark
            [unix_http_server]
            file={In("sock")}
            [rpcinterface:supervisor]
            supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface
            [supervisorctl]
            serverurl=unix://{In("sock")}
            """);
        foreach (var name in Work.Names)
        {
            file.WriteLine($"""
                [program:{name}]
                command={string.Join(' ', Work.CommandOf(name))}
                autorestart=true
                startsecs=0
                stopwaitsecs=1
                """);
        }
    }

    protected override Process Start() => Command.Start("supervisord", ["-c", In("supervisord.conf")], In("log"));

    public override bool Answers() => Connects(In("sock"));
    public override CommandResult Status() => Control("status");
    public override CommandResult StopAll() => Control("stop", "all");

    CommandResult Control(params string[] words) => Command.Run("supervisorctl", ["-c", In("supervisord.conf"), .. words]);

    public static bool Connects(string path)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
