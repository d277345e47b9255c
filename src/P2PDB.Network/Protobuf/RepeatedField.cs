using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace P2PDB.Network.Protobuf;

/// <summary>
/// The elements of a repeated field, read from the message each time they are asked for: many short elements take no more memory
/// than the message they came in.
/// </summary>
/// <param name="message">The message; kept.</param>
/// <param name="number">The field.</param>
/// <param name="countMax">Elements given at most.</param>
/// <param name="decode">Reads one element; what it cannot read is left out.</param>
internal sealed class RepeatedField<T>(ReadOnlyMemory<byte> message, int number, int countMax, RepeatedField<T>.Decoder decode) : IEnumerable<T>
    where T : class
{
    /// <summary>Reads one element; false where it is none.</summary>
    public delegate bool Decoder(ReadOnlySpan<byte> element, [NotNullWhen(true)] out T? value);

    public IEnumerator<T> GetEnumerator()
    {
        ReadOnlyMemory<byte> rest = message;
        for (int count = 0; count < countMax && TryReadNext(ref rest, out T? value); count++)
            yield return value;
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private bool TryReadNext(ref ReadOnlyMemory<byte> rest, [NotNullWhen(true)] out T? value)
    {
        value = default;
        bool isFound = false;
        var reader = new ProtobufReader(rest.Span);
        while (!isFound && reader.TryReadField(out ProtobufField field, out _, out ReadOnlySpan<byte> bytes))
            isFound = field.IsBytes(number) && decode(bytes, out value);

        rest = rest[^reader.RemainingLength..];
        return isFound;
    }
}
