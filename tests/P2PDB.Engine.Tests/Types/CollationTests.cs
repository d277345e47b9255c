using System.Text;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Tests.Types;

public class CollationTests
{
    [Theory]
    [InlineData("utf8mb4_0900_ai_ci", "a", "Á", 0)]
    [InlineData("utf8mb4_0900_ai_ci", "a", "a ", -1)]
    [InlineData("utf8mb4_0900_ai_ci", "ß", "ss", 0)]
    [InlineData("utf8mb4_0900_ai_ci", "ае", "АЁ", 0)]
    [InlineData("utf8mb4_0900_ai_ci", "b", "ä", 1)]
    [InlineData("utf8mb4_0900_ai_ci", "각", "각", 0)]
    [InlineData("utf8mb4_0900_ai_ci", "中", "丁", 1)]
    [InlineData("utf8mb4_general_ci", "a", "A ", 0)]
    [InlineData("utf8mb4_general_ci", "ß", "s", 0)]
    [InlineData("utf8mb4_general_ci", "é", "E", 0)]
    [InlineData("utf8mb4_bin", "a", "A", 1)]
    [InlineData("utf8mb4_bin", "a", "a  ", 0)]
    [InlineData("utf8mb4_0900_bin", "a", "a ", -1)]
    [InlineData("binary", "a", "a ", -1)]
    public void Strings_compare_as_in_MySQL(string collation, string left, string right, int expected) =>
        Assert.Equal(expected, Math.Sign(Collation.Find(collation)!.Compare(Encoding.UTF8.GetBytes(left), Encoding.UTF8.GetBytes(right))));
}
