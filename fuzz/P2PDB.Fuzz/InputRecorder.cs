using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;

namespace P2PDB.Fuzz;

/// <summary>
/// Keeps the input that is being decoded in a mapped file, and ends the process when one takes too long. So a stack
/// overflow, a crash in native code and a hang leave their input behind, which an exception handler never sees.
/// </summary>
/// <remarks>The file: u32 length (0: no input is being decoded), then the input.</remarks>
internal sealed class InputRecorder : IDisposable
{
    private const int HeaderLength = sizeof(uint);
    private static readonly TimeSpan HangAfter = TimeSpan.FromSeconds(20);

    private readonly string _path;
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte[] _copy;
    private readonly Timer _watchdog;
    private readonly Action<byte[]> _reportHang;
    private long _generation;
    private long _generationSeen;
    private bool _isRunning;

    public InputRecorder(string path, int inputLengthMax, Action<byte[]> reportHang)
    {
        _path = path;
        _copy = new byte[HeaderLength + inputLengthMax];
        _reportHang = reportHang;
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.Create, null, _copy.Length);
        _view = _file.CreateViewAccessor();
        _watchdog = new Timer(_ => LookForHang(), null, HangAfter, HangAfter);
    }

    /// <summary>Says that <paramref name="input"/> is being decoded from now on.</summary>
    public void Begin(ReadOnlySpan<byte> input)
    {
        int length = Math.Min(input.Length, _copy.Length - HeaderLength);
        BinaryPrimitives.WriteUInt32LittleEndian(_copy, (uint)length);
        input[..length].CopyTo(_copy.AsSpan(HeaderLength));
        _view.WriteArray(0, _copy, 0, HeaderLength + length);
        Interlocked.Increment(ref _generation);
        Volatile.Write(ref _isRunning, true);
    }

    /// <summary>Says that the input was decoded.</summary>
    public void End() => Volatile.Write(ref _isRunning, false);

    /// <summary>The input that <paramref name="path"/> recorded.</summary>
    public static byte[] Read(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        return bytes.AsSpan(HeaderLength, (int)BinaryPrimitives.ReadUInt32LittleEndian(bytes)).ToArray();
    }

    /// <summary>Ends recording; nothing went wrong that the caller does not know of, so the file goes.</summary>
    public void Dispose()
    {
        _watchdog.Dispose();
        _view.Dispose();
        _file.Dispose();
        File.Delete(_path);
    }

    private void LookForHang()
    {
        // Two ticks in one input: it took at least one whole period.
        long generation = Interlocked.Read(ref _generation);
        if (Volatile.Read(ref _isRunning) && generation == _generationSeen)
        {
            int length = (int)BinaryPrimitives.ReadUInt32LittleEndian(_copy);
            _reportHang(_copy.AsSpan(HeaderLength, length).ToArray());
        }

        _generationSeen = generation;
    }
}
