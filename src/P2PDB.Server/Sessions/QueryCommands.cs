using P2PDB.Server.Packets;
using P2PDB.Server.ResultSets;

namespace P2PDB.Server.Sessions;

/// <summary>Commands that carry SQL text or ask about tables.</summary>
internal static class QueryCommands
{
    /// <summary>COM_QUERY: attributes where client and server share them, then SQL text, maybe several statements.</summary>
    public static bool Query(ClientSession session, ReadOnlySpan<byte> arguments)
    {
        if ((session.Capabilities & Capabilities.QueryAttributes) != 0)
        {
            var reader = new PayloadReader(arguments);
            if (!QueryAttributes.TryTake(ref reader))
            {
                session.WriteError(ServerErrors.MalformedPacket);
                return true;
            }

            arguments = reader.Rest;
        }

        session.Results.Begin(isBinary: false);
        session.Engine.Execute(arguments, session.Results);
        session.Channel.ReleasePayload();
        return session.Results.Finish() && !session.IsStreamLost;
    }

    /// <summary>
    /// COM_FIELD_LIST, which the command line asks for completion: table name, zero-terminated, then a pattern that the
    /// clients still around send empty. Column definitions with a default each (NULL), then EOF.
    /// </summary>
    public static bool FieldList(ClientSession session, ReadOnlySpan<byte> arguments)
    {
        var reader = new PayloadReader(arguments);
        if (!reader.TryReadNullTerminated(out ReadOnlySpan<byte> table))
        {
            session.WriteError(ServerErrors.MalformedPacket);
            return true;
        }

        // Quoting doubles a quote; each byte may be one.
        byte[] sql = new byte[2 * table.Length + 32];
        int length = Append(sql, 0, "SELECT * FROM `"u8);
        foreach (byte character in table)
        {
            if (character == (byte)'`')
                sql[length++] = character;
            sql[length++] = character;
        }

        length = Append(sql, length, "` LIMIT 0"u8);
        session.Engine.Execute(sql.AsSpan(0, length), new FieldListWriter(session));
        return true;
    }

    private static int Append(Span<byte> target, int length, ReadOnlySpan<byte> part)
    {
        part.CopyTo(target[length..]);
        return length + part.Length;
    }
}
