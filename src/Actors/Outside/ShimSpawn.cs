using System.ComponentModel;
using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Supervisor.Actors.Outside.Native;

namespace Supervisor.Actors.Outside;

/// <summary>The shim's own process could not be started: the machine is short of something.</summary>
public sealed class ShimStartException(int errno) : IOException($"cannot start a shim: {new Win32Exception(errno).Message}")
{
    public int Errno { get; } = errno;
}

/// <summary>Starts a shim: own session, signals blocked, an empty environment, one connection, and nothing else of ours.</summary>
static unsafe class ShimSpawn
{
    // Blocked from the first instruction, so that no thread of the shim's runtime ever takes one. CHLD TERM INT HUP QUIT PIPE ALRM USR1 USR2.
    static readonly int[] Blocked = [17, 15, 2, 1, 3, 13, 14, 10, 12];

    public static (int Pid, Socket Connection) Start(ShimPaths paths, ShimSpec spec)
    {
        var ends = stackalloc int[2];
        if (SpawnCalls.socketpair(SpawnCalls.UnixDomain, SpawnCalls.Stream | SpawnCalls.CloseOnExec, 0, ends) != 0)
            throw new ShimStartException(Marshal.GetLastPInvokeError());
        var connection = new Socket(new SafeSocketHandle(ends[0], ownsHandle: true));
        try
        {
            return (Spawn(paths, spec, ends[1]), connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
        finally
        {
            _ = SpawnCalls.close(ends[1]);
        }
    }

    static int Spawn(ShimPaths paths, ShimSpec spec, int connection)
    {
        // glibc needs 80, 336 and 128 bytes; musl less.
        var actions = stackalloc byte[512];
        var attributes = stackalloc byte[512];
        var signals = stackalloc byte[128];
        var texts = new List<nint>();
        byte* Text(string text)
        {
            texts.Add(Marshal.StringToCoTaskMemUTF8(text));
            return (byte*)texts[^1];
        }
        _ = SpawnCalls.posix_spawn_file_actions_init(actions);
        _ = SpawnCalls.posix_spawnattr_init(attributes);
        try
        {
            _ = SpawnCalls.posix_spawn_file_actions_addchdir_np(actions, Text(spec.RunDirectory));
            _ = SpawnCalls.posix_spawn_file_actions_adddup2(actions, connection, 0);
            _ = SpawnCalls.posix_spawn_file_actions_addopen(actions, 1, Text("/dev/null"), SpawnCalls.ReadWrite, 0);
            _ = SpawnCalls.posix_spawn_file_actions_addopen(actions, 2, Text("shim.log"), SpawnCalls.WriteAppendCreate, 0x180);
            _ = SpawnCalls.posix_spawnattr_setflags(attributes, SpawnCalls.SetSession | SpawnCalls.SetSignalMask | SpawnCalls.SetDefaultSignals);
            _ = SpawnCalls.sigfillset(signals);
            _ = SpawnCalls.posix_spawnattr_setsigdefault(attributes, signals);
            _ = SpawnCalls.sigemptyset(signals);
            foreach (var signal in Blocked) _ = SpawnCalls.sigaddset(signals, signal);
            _ = SpawnCalls.posix_spawnattr_setsigmask(attributes, signals);

            string[] line = [.. paths.FirstArguments, spec.AgentId, spec.Run.ToString(CultureInfo.InvariantCulture)];
            var argv = stackalloc byte*[line.Length + 1];
            for (var i = 0; i < line.Length; i++) argv[i] = Text(line[i]);
            argv[line.Length] = null;
            // A small heap that need not ask for the size of the caches; and no diagnostics socket in /tmp with a thread for it.
            var env = stackalloc byte*[3];
            env[0] = Text("DOTNET_GCgen0size=40000");
            env[1] = Text("DOTNET_EnableDiagnostics=0");
            env[2] = null;

            int pid;
            var error = SpawnCalls.posix_spawn(&pid, Text(paths.Program), actions, attributes, argv, env);
            return error == 0 ? pid : throw new ShimStartException(error);
        }
        finally
        {
            _ = SpawnCalls.posix_spawnattr_destroy(attributes);
            _ = SpawnCalls.posix_spawn_file_actions_destroy(actions);
            foreach (var text in texts) Marshal.FreeCoTaskMem(text);
        }
    }
}
