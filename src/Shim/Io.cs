using System.Buffers.Binary;
using System.Text;

namespace Supervisor.Shim;

/// <summary>Small file and descriptor helpers over the C library.</summary>
static unsafe class Io
{
    const int StatxInode = 0x100, StatxLinks = 0x4, AtEmptyPath = 0x1000;

    public static bool ReadFully(int fd, Span<byte> into)
    {
        while (into.Length > 0)
        {
            var n = Read(fd, into);
            if (n == 0) return false;
            if (n > 0) into = into[n..];
            else if (Libc.Errno != Libc.EINTR) return false;
        }
        return true;
    }

    public static int Read(int fd, Span<byte> into)
    {
        fixed (byte* p = into) return (int)Libc.read(fd, p, into.Length);
    }

    public static int Write(int fd, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* p = bytes) return (int)Libc.write(fd, p, bytes.Length);
    }

    public static bool WriteFully(int fd, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var n = Write(fd, bytes);
            if (n >= 0) bytes = bytes[n..];
            else if (Libc.Errno != Libc.EINTR) return false;
        }
        return true;
    }

    /// <summary>A small file, as /proc and cgroups have them; empty when it cannot be read.</summary>
    public static string ReadText(string path)
    {
        var fd = Libc.open(path, Libc.O_RDONLY | Libc.O_CLOEXEC, 0);
        if (fd < 0) return "";
        var text = new StringBuilder();
        Span<byte> buffer = stackalloc byte[4096];
        int n;
        while ((n = Read(fd, buffer)) > 0) text.Append(Encoding.UTF8.GetString(buffer[..n]));
        _ = Libc.close(fd);
        return text.ToString();
    }

    /// <summary>For control files: 0, or the error number.</summary>
    public static int WriteText(string path, string text)
    {
        var fd = Libc.open(path, Libc.O_WRONLY | Libc.O_CLOEXEC, 0);
        if (fd < 0) return Libc.Errno;
        var error = WriteFully(fd, Encoding.UTF8.GetBytes(text)) ? 0 : Libc.Errno;
        _ = Libc.close(fd);
        return error;
    }

    /// <summary>All or nothing: readers see the old file or the new one. 0, or the error number.</summary>
    public static int ReplaceFile(string path, string text, bool durable)
    {
        var temporary = path + ".tmp";
        var fd = Libc.open(temporary, Libc.O_WRONLY | Libc.O_CREAT | Libc.O_TRUNC | Libc.O_CLOEXEC, 0x180);
        if (fd < 0) return Libc.Errno;
        var written = WriteFully(fd, Encoding.UTF8.GetBytes(text)) && (!durable || Libc.fsync(fd) == 0);
        var error = written ? 0 : Libc.Errno;
        _ = Libc.close(fd);
        if (error != 0) return error;
        if (Libc.rename(temporary, path) != 0) return Libc.Errno;
        return durable ? SyncDirectory() : 0;
    }

    /// <summary>The run directory is the current one.</summary>
    static int SyncDirectory()
    {
        var fd = Libc.open(".", Libc.O_RDONLY | Libc.O_CLOEXEC, 0);
        if (fd < 0) return Libc.Errno;
        var error = Libc.fsync(fd) == 0 ? 0 : Libc.Errno;
        _ = Libc.close(fd);
        return error;
    }

    /// <summary>True while the path still names the open file.</summary>
    public static bool IsSameFile(int fd, string path)
    {
        // statx has one layout on all architectures: links at 16, inode at 32, device at 136.
        var open = stackalloc byte[256];
        var named = stackalloc byte[256];
        if (Libc.statx(fd, "", AtEmptyPath, StatxInode | StatxLinks, open) != 0) return true;
        if (Libc.statx(-100, path, 0, StatxInode | StatxLinks, named) != 0) return Libc.Errno != Libc.ENOENT;
        return *(long*)(open + 32) == *(long*)(named + 32) && *(long*)(open + 136) == *(long*)(named + 136);
    }

    public static int BytesWaiting(int fd)
    {
        int n;
        return Libc.ioctl(fd, Libc.FIONREAD, &n) == 0 ? n : 0;
    }

    public static void Report(string message) => WriteFully(2, Encoding.UTF8.GetBytes(message + "\n"));
}
