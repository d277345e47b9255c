using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace P2PDB.Engine.Storage.Devices;

/// <summary>
/// What is asked of the system beyond .NET's own files: O_DSYNC, fdatasync, posix_fallocate, the sync of a directory, the identity of a file,
/// large pages of memory.
/// Linux (glibc, x64) is where this runs and is tested; the branches for Windows and macOS use .NET's nearest and were never run.
/// </summary>
internal static partial class SystemCalls
{
    private const int ReadOnly = 0;
    private const int ReadWrite = 2;
    private const int Create = 0x40;
    private const int Truncate = 0x200;
    private const int DataSync = 0x1000;
    private const int InvalidArgument = 22;
    private const int CloseOnExec = 0x8_0000;
    private const int OwnerReadsAndWrites = 0x180;   // 0600
    private const int CurrentDirectory = -100;
    private const uint BasicAndBirth = 0xFFF;
    private const int Interrupted = 4;

    // O_DIRECT goes past the system's cache: one request to the disk instead of a copy, a write-back and a flush.
    private static readonly int Direct = RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 0x4000,
        Architecture.Arm64 => 0x1_0000,
        _ => 0,
    };

    /// <summary>
    /// Opens a file for reading and writing; write-through makes each write durable before it returns, and on Linux goes past
    /// the cache where the file system can.
    /// </summary>
    public static SafeFileHandle Open(string path, bool createEmpty, bool writeThrough)
    {
        if (!OperatingSystem.IsLinux())
        {
            // .NET's WriteThrough is FILE_FLAG_WRITE_THROUGH on Windows and O_SYNC on macOS.
            return File.OpenHandle(path, createEmpty ? FileMode.Create : FileMode.Open, FileAccess.ReadWrite,
                FileShare.ReadWrite | FileShare.Delete, writeThrough ? FileOptions.WriteThrough : FileOptions.None);
        }

        int flags = ReadWrite | CloseOnExec | (createEmpty ? Create | Truncate : 0) | (writeThrough ? DataSync : 0);
        int descriptor = OpenFile(path, flags | (writeThrough ? Direct : 0), OwnerReadsAndWrites);
        if (descriptor < 0 && writeThrough && Marshal.GetLastPInvokeError() == InvalidArgument)
            descriptor = OpenFile(path, flags, OwnerReadsAndWrites);   // such as tmpfs before Linux 6.6
        return descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw Failure("open", path);
    }

    /// <summary>fdatasync: bytes and length, not the times.</summary>
    public static void SyncData(SafeFileHandle handle, string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            RandomAccess.FlushToDisk(handle);
            return;
        }

        if (SyncFileData(handle) != 0)
            throw Failure("fdatasync", path);
    }

    /// <summary>
    /// posix_fallocate from the file's start: room on the disk without writing, the file grows to it. False where the system or
    /// the file system cannot.
    /// </summary>
    public static bool TryAllocate(SafeFileHandle handle, string path, long length)
    {
        const int NotSupported = 95;
        if (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess)
            return false;
        int error;
        do
        {
            error = AllocateNative(handle, 0, length);   // returns the error, leaves errno alone
        }
        while (error == Interrupted);
        return error switch
        {
            0 => true,
            NotSupported or InvalidArgument => false,
            _ => throw new IOException(
                $"posix_fallocate failed for {path}: {Marshal.GetPInvokeErrorMessage(error)}", error),
        };
    }

    /// <summary>fsync of a directory; Windows has no such thing, its renames are written through.</summary>
    public static void SyncDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
            return;
        int descriptor = OpenFile(path, ReadOnly | (OperatingSystem.IsLinux() ? CloseOnExec : 0), 0);
        if (descriptor < 0)
            throw Failure("open", path);
        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        if (SyncFile(handle) != 0)
            throw Failure("fsync", path);
    }

    /// <summary>Device, inode and birth time where the system tells them; the birth time alone elsewhere.</summary>
    public static FileIdentity IdentityOf(string path)
    {
        if (!OperatingSystem.IsLinux())
            return new FileIdentity(0, 0, (ulong)File.GetCreationTimeUtc(path).Ticks);

        Span<byte> status = stackalloc byte[256];
        if (ExtendedStatus(CurrentDirectory, path, 0, BasicAndBirth, ref MemoryMarshal.GetReference(status)) != 0)
            throw Failure("statx", path);
        ulong birthSeconds = BinaryPrimitives.ReadUInt64LittleEndian(status[80..]);
        ulong birthNanoseconds = BinaryPrimitives.ReadUInt32LittleEndian(status[88..]);
        ulong device = ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(status[136..]) << 32)
            | BinaryPrimitives.ReadUInt32LittleEndian(status[140..]);
        return new FileIdentity(device, BinaryPrimitives.ReadUInt64LittleEndian(status[32..]),
            unchecked((birthSeconds * 1_000_000_000) + birthNanoseconds));
    }

    /// <summary>
    /// Asks the system to keep memory in its large pages (2 MiB) where it can: reads all over it then miss the processor's table of pages less often. A wish only.
    /// </summary>
    public static void PreferLargePages(nint memory, nint length)
    {
        const int HugePages = 14;
        if (OperatingSystem.IsLinux())
            _ = AdviseNative(memory, length, HugePages);
    }

    private static IOException Failure(string call, string path)
    {
        int error = Marshal.GetLastPInvokeError();
        string text = $"{call} failed for {path}: {Marshal.GetPInvokeErrorMessage(error)}";
        const int NotFound = 2;
        return error == NotFound ? new FileNotFoundException(text, path) : new IOException(text, error);
    }

    private static int OpenFile(string path, int flags, int mode)
    {
        int descriptor;
        do
        {
            descriptor = OpenNative(path, flags, mode);
        }
        while (descriptor < 0 && Marshal.GetLastPInvokeError() == Interrupted);
        return descriptor;
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenNative(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int SyncFileData(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "posix_fallocate")]
    private static partial int AllocateNative(SafeFileHandle file, long offset, long length);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int AdviseNative(nint memory, nint length, int advice);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int SyncFile(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ExtendedStatus(int directory, string path, int flags, uint mask, ref byte status);
}
