using System.Collections.Immutable;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Merging;
using P2PDB.Engine.Catalog.Merging.Texts;
using P2PDB.Engine.Log;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Simulation.Model;

/// <summary>What an author last said of a cell that merges by a policy: a value, the total of its deltas, or what it did to a counter with rights.</summary>
internal sealed record ModelWord(AuthorKey Author, CellMark Mark, ModelValue? Value, int Stamp, ulong Time)
{
    /// <summary>The word as text, which the engine's registers are compared by.</summary>
    public string Text(Func<int, string> name) => Text(
        Mark.Rights is not null ? RegisterKind.Rights : Value is null ? RegisterKind.Total : RegisterKind.Value, Mark.Lane, Mark.Column,
        Value?.Text() ?? "", $"{Mark.Collation}.{Mark.Digits}", Value is null ? Mark.Total.GetValueOrDefault() : default,
        Value is null ? [] : [.. Mark.Seen], Mark.Rights, [.. Mark.Dots], Mark.Edits, name(Stamp));

    /// <summary>A register as text.</summary>
    public static string Text(
        RegisterKind kind, Lane lane, StoredColumn form, string value, string traits, ExactNumber total, SeenTotal[] seen,
        CounterRights? rights, ImmutableArray<MemberDot>[] dots, TextEdits? edits, string stamp) =>
        $"{form.Id}|{kind} {lane.Generation}.{lane.Policy} {form.Code}.{form.Scale} {value} {traits} {total} "
        + $"{string.Join(',', seen.Select(one => $"{one.Author}:{one.Total}"))} {Text(rights)}"
        + $"{string.Join(',', dots.Select(one => string.Join('+', one.Select(dot => $"{dot.Author}:{dot.Time}"))))}{Text(edits)}@{stamp}";

    private static string Text(TextEdits? edits)
    {
        using ByteWriter written = new();
        edits?.Write(written);
        return Convert.ToHexStringLower(written.Written);
    }

    private static string Text(CounterRights? rights) => rights is null
        ? ""
        : $"{rights.Used}-{string.Join(',', rights.Grants.Select(grant => $"{grant.Form}:{grant.Other}:{grant.Amount}"))}";
}
