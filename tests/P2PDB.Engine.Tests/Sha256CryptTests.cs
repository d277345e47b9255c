using System.Text;

namespace P2PDB.Engine.Tests;

public class Sha256CryptTests
{
    /// <summary>Expected values: <c>openssl passwd -5 -salt SALT PASSWORD</c>.</summary>
    [Theory]
    [InlineData("Hello world!", "saltstring", "5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5")]
    [InlineData("geheim", "abcdefghijklmnop", "ySN3yGd1pwkCtRmrTe04T8XBgfYDgwgA/tl67uUlfoB")]
    [InlineData("a password that is longer than one digest of thirty-two bytes", "abcdefghijklmnop", "u5w0RYbdYNsYxWoi8OKyX7F/KkgnRzu6H3ohIu9MF94")]
    public void Digests_are_those_of_other_implementations(string password, string salt, string expected)
    {
        byte[] text = new byte[Sha256Crypt.TextLength];
        Sha256Crypt.Hash(Encoding.ASCII.GetBytes(password), Encoding.ASCII.GetBytes(salt), 5_000, text);

        Assert.Equal(expected, Encoding.ASCII.GetString(text));
    }
}
