using P2PDB.Engine.Types.Json;

namespace P2PDB.Engine.Expressions.Functions;

/// <summary>Merging, containing and overlapping of JSON values.</summary>
internal static class JsonMerge
{
    /// <summary>Objects merge by key, everything else joins as arrays.</summary>
    public static JsonItem Preserve(JsonItem first, JsonItem second)
    {
        if (first.Kind == JsonKind.Container && second.Kind == JsonKind.Container)
        {
            foreach (KeyValuePair<byte[], JsonItem> member in second.Members)
            {
                JsonItem? present = first.Find(member.Key);
                first.Set(member.Key, present is null ? member.Value : Preserve(present, member.Value));
            }

            return first;
        }

        JsonItem joined = first.Kind == JsonKind.List ? first : JsonItem.NewArray();
        if (first.Kind != JsonKind.List)
            joined.Elements.Add(first);
        if (second.Kind == JsonKind.List)
            joined.Elements.AddRange(second.Elements);
        else
            joined.Elements.Add(second);
        return joined;
    }

    /// <summary>RFC 7396: null takes a member away, other values replace.</summary>
    public static JsonItem Patch(JsonItem target, JsonItem patch)
    {
        if (patch.Kind != JsonKind.Container)
            return patch;
        JsonItem result = target.Kind == JsonKind.Container ? target : JsonItem.NewObject();
        foreach (KeyValuePair<byte[], JsonItem> member in patch.Members)
        {
            if (member.Value.Kind == JsonKind.Null)
                result.Remove(member.Key);
            else
                result.Set(member.Key, Patch(result.Find(member.Key) ?? JsonItem.Null(), member.Value));
        }

        return result;
    }

    /// <summary>JSON_CONTAINS.</summary>
    public static bool Contains(JsonItem target, JsonItem candidate)
    {
        if (target.Kind == JsonKind.List)
        {
            if (candidate.Kind != JsonKind.List)
                return target.Elements.Exists(element => Contains(element, candidate));
            return candidate.Elements.TrueForAll(wanted => target.Elements.Exists(element => Contains(element, wanted)));
        }

        if (target.Kind == JsonKind.Container && candidate.Kind == JsonKind.Container)
            return candidate.Members.TrueForAll(member => target.Find(member.Key) is { } value && Contains(value, member.Value));
        return target.IsScalar && candidate.IsScalar && target.CompareTo(candidate) == 0;
    }

    /// <summary>JSON_OVERLAPS.</summary>
    public static bool Overlaps(JsonItem left, JsonItem right)
    {
        if (left.Kind == JsonKind.Container && right.Kind == JsonKind.Container)
            return left.Members.Exists(member => right.Find(member.Key) is { } value && value.CompareTo(member.Value) == 0);
        if (left.Kind == JsonKind.List)
            return left.Elements.Exists(element => Holds(right, element));
        return right.Kind == JsonKind.List ? Holds(right, left) : left.CompareTo(right) == 0;
    }

    private static bool Holds(JsonItem list, JsonItem value) => list.Kind == JsonKind.List
        ? list.Elements.Exists(element => element.CompareTo(value) == 0)
        : list.CompareTo(value) == 0;
}
