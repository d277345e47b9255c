using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace P2PDB.Host.Commands.TestPeer;

/// <summary>Writes the events of the contract: one JSON object a line, each line flushed. Callers on any thread.</summary>
internal sealed class EventWriter : IDisposable
{
    private readonly Stream _output;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly ArrayBufferWriter<byte> _line = new(1_024);
    private readonly Utf8JsonWriter _json;
    private bool _isClosed;

    public EventWriter(Stream output, TimeProvider time)
    {
        _output = output;
        _time = time;
        // No page ever shows these lines, so nothing beyond what JSON demands is escaped.
        _json = new Utf8JsonWriter(_line, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    /// <summary>Writes one event; <paramref name="fields"/> adds its fields and must neither wait nor write another event.</summary>
    public void Write(string name, Action<Utf8JsonWriter> fields)
    {
        lock (_gate)
        {
            if (_isClosed)
                return;

            _line.ResetWrittenCount();
            _json.Reset();
            _json.WriteStartObject();
            _json.WriteNumber("t", _time.GetUtcNow().ToUnixTimeMilliseconds());
            _json.WriteString("ev", name);
            fields(_json);
            _json.WriteEndObject();
            _json.Flush();
            _line.Write("\n"u8);
            try
            {
                _output.Write(_line.WrittenSpan);
                _output.Flush();
            }
            catch (IOException)
            {
                // Nobody reads any more. Whoever did ends the process by its signal or the end of stdin.
            }
        }
    }

    /// <summary>Writes an <c>error</c> event.</summary>
    /// <param name="what">What failed: <c>command</c>, <c>dial</c>, ….</param>
    /// <param name="name">A short name of the failure.</param>
    /// <param name="message">What went wrong, for people.</param>
    /// <param name="fields">Further fields.</param>
    public void WriteError(string what, string name, string message, Action<Utf8JsonWriter>? fields = null) => Write("error", json =>
    {
        fields?.Invoke(json);
        json.WriteString("what", what);
        json.WriteString("name", name);
        json.WriteString("msg", message);
    });

    /// <summary>Ends the events: what still happens is not written.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isClosed = true;
            _json.Dispose();
        }
    }
}
