using System.Text;
using P2PDB.Engine.Types.Json;

namespace P2PDB.Engine.Tests.Types.Json;

public sealed class JsonParserTests
{
    [Theory]
    [InlineData("""{"b": 1, "aa": 2, "b": 3, "a": {}}""", """{"a": {}, "b": 3, "aa": 2}""")]
    [InlineData("""{"a": 1, "a": 2, "a": 3}""", """{"a": 3}""")]
    [InlineData("""{"a": 1, "b": 2}""", """{"a": 1, "b": 2}""")]
    [InlineData("{}", "{}")]
    public void Members_of_an_object_are_sorted_and_the_last_of_a_name_stands(string text, string expected)
    {
        Assert.True(JsonParser.TryParse(Encoding.UTF8.GetBytes(text), out JsonItem item, out _, out _));
        Assert.Equal(expected, item.ToString());
    }

    /// <summary>Work that grew with the square of the members would not end.</summary>
    [Fact]
    public void Very_many_members_in_falling_order_are_read()
    {
        const int Count = 400_000;
        var text = new StringBuilder("{");
        for (int i = Count; i > 0; i--)
            text.Append($"\"{i:x6}\":0,");
        text.Append("\"0\":0}");

        Assert.True(JsonParser.TryParse(Encoding.UTF8.GetBytes(text.ToString()), out JsonItem item, out _, out _));
        Assert.Equal(Count + 1, item.Length);
        Assert.Equal("0"u8, item.Members[0].Key);
        Assert.Equal("000001"u8, item.Members[1].Key);
    }

    [Theory]
    [InlineData("[]", "")]
    [InlineData(" [ ] ", "")]
    [InlineData("""[1.10, "a,]", [1, 2], {"a": [3]}, null]""", """1.10;"a,]";[1, 2];{"a": [3]};null""")]
    [InlineData("[ 1 ,2 ]", "1;2")]
    public void An_array_splits_into_the_texts_of_its_elements(string text, string expected)
    {
        List<Range> elements = [];

        Assert.True(JsonParser.TrySplit(Encoding.UTF8.GetBytes(text), elements));
        Assert.Equal(expected, string.Join(';', elements.ConvertAll(element => text[element])));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("""{"a": 1}""")]
    [InlineData("[")]
    [InlineData("[1")]
    [InlineData("[1,]")]
    [InlineData("[,1]")]
    [InlineData("[01]")]
    [InlineData("[1] 2")]
    public void What_is_no_array_does_not_split(string text) => Assert.False(JsonParser.TrySplit(Encoding.UTF8.GetBytes(text), []));
}
