// GOSSIP RPC, protobuf, with a varint length before it on the stream:
//   1 repeated { 1 bool subscribe, 2 text topic }
//   2 repeated message { 1 bytes from, 2 bytes data, 3 bytes seqno, 4 text topic, 5 bytes signature, 6 bytes key }
//   3 control { 1 repeated IHAVE { 1 text topic, 2 repeated bytes id },  2 repeated IWANT { 1 repeated bytes id },
//               3 repeated GRAFT { 1 text topic },
//               4 repeated PRUNE { 1 text topic, 2 repeated { 1 bytes peer, 2 bytes signed record }, 3 varint back-off in seconds },
//               5 repeated IDONTWANT { 1 repeated bytes id } }
// Unknown fields are skipped. A control field that comes twice counts twice, as protobuf merges messages.
using P2PDB.Network.Protobuf;

namespace P2PDB.Network.Protocols.Gossipsub;

/// <summary>Cursor over the items of one RPC, in the order they came. Borrows the bytes; never throws on them and allocates nothing.</summary>
internal ref struct RpcReader(ReadOnlySpan<byte> rpc)
{
    private ProtobufReader _fields = new(rpc);
    private ProtobufReader _control = new(default);

    /// <summary>True once malformed bytes were met; the items before them stand.</summary>
    public bool IsMalformed { get; private set; }

    /// <summary>Moves to the next item; false at the end or at malformed bytes.</summary>
    public bool TryRead(out RpcItem item)
    {
        while (true)
        {
            if (_control.TryReadField(out ProtobufField field, out _, out ReadOnlySpan<byte> bytes))
            {
                if (field.WireType == WireType.Bytes && field.Number is >= 1 and <= 5)
                    return TryMakeControl(field.Number, bytes, out item);
                continue;
            }

            if (_control.IsMalformed || !_fields.TryReadField(out field, out _, out bytes))
            {
                IsMalformed |= _control.IsMalformed || _fields.IsMalformed;
                item = default;
                return false;
            }

            if (field.IsBytes(1))
                return TryMakeSubscription(bytes, out item);
            if (field.IsBytes(2))
            {
                item = new RpcItem(RpcItemKind.Message, default, bytes);
                return true;
            }

            if (field.IsBytes(3))
                _control = new ProtobufReader(bytes);
        }
    }

    private bool TryMakeSubscription(ReadOnlySpan<byte> body, out RpcItem item)
    {
        bool subscribes = false;
        ReadOnlySpan<byte> topic = default;
        var reader = new ProtobufReader(body);
        while (reader.TryReadField(out ProtobufField field, out ulong value, out ReadOnlySpan<byte> bytes))
        {
            if (field.IsVarint(1))
                subscribes = value != 0;
            else if (field.IsBytes(2))
                topic = bytes;
        }

        item = new RpcItem(subscribes ? RpcItemKind.Subscribe : RpcItemKind.Unsubscribe, topic, body);
        IsMalformed |= reader.IsMalformed;
        return !reader.IsMalformed;
    }

    private bool TryMakeControl(int number, ReadOnlySpan<byte> body, out RpcItem item)
    {
        var kind = (RpcItemKind)((int)RpcItemKind.IHave + number - 1);
        bool hasTopic = kind is RpcItemKind.IHave or RpcItemKind.Graft or RpcItemKind.Prune;
        ReadOnlySpan<byte> topic = default;
        var reader = new ProtobufReader(body);
        while (reader.TryReadField(out ProtobufField field, out _, out ReadOnlySpan<byte> bytes))
        {
            if (hasTopic && field.IsBytes(1))
                topic = bytes;
        }

        item = new RpcItem(kind, topic, body);
        IsMalformed |= reader.IsMalformed;
        return !reader.IsMalformed;
    }
}
