using P2PDB.Engine.Accounts;

namespace P2PDB.Engine.Tests.Accounts;

/// <summary>Which account a client is, and how accounts are kept.</summary>
public sealed class AccountSetTests
{
    [Theory]
    [InlineData("10.1.2.3", "10.1.2.3")]
    [InlineData("10.1.2.4", "10.1.2.0/24")]
    [InlineData("10.1.9.9", "10.1.0.0/255.255.0.0")]
    [InlineData("10.9.9.9", "10.%")]
    [InlineData("11.9.9.9", "%")]
    [InlineData("127.0.0.1", "localhost")]
    [InlineData("::1", "localhost")]
    public void The_most_specific_host_decides(string host, string expected)
    {
        AccountSet accounts = AccountSet.Empty;
        foreach (string pattern in (string[])["%", "10.%", "10.1.0.0/255.255.0.0", "10.1.2.0/24", "10.1.2.3", "localhost"])
            accounts = accounts.With(new StoredAccount(new AccountKey("u", pattern)));

        Assert.Equal(expected, accounts.Match("u", host)?.Key.Host);
        Assert.Null(accounts.Match("U", host));
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.0.0.0/8", true)]
    [InlineData("127.%", true)]
    [InlineData("::1", true)]
    [InlineData("LOCALHOST", true)]
    [InlineData("10.%", false)]
    [InlineData("local", false)]
    public void A_client_of_localhost_comes_from_the_loopback(string pattern, bool matches) =>
        Assert.Equal(matches, HostPattern.Matches(pattern, "localhost"));

    [Fact]
    public void The_anonymous_account_of_a_host_goes_before_a_name_from_anywhere()
    {
        AccountSet accounts = AccountSet.Empty
            .With(new StoredAccount(new AccountKey("u", "%")))
            .With(new StoredAccount(new AccountKey("", "localhost")));

        Assert.Equal(new AccountKey("", "localhost"), accounts.Match("u", "localhost")?.Key);
        Assert.Equal(new AccountKey("u", "%"), accounts.Match("u", "h")?.Key);
    }

    [Theory]
    [InlineData("d_x", "dyx", true)]
    [InlineData(@"d\_x", "dyx", false)]
    [InlineData(@"d\_x", "d_x", true)]
    [InlineData("d%", "d", true)]
    [InlineData("d%", "e", false)]
    public void Patterns_of_databases_take_wildcards_and_escapes(string pattern, string name, bool matches) =>
        Assert.Equal(matches, new DatabaseGrant(pattern, PrivilegeSet.Select).Matches(name));

    [Fact]
    public void Of_two_patterns_the_more_specific_alone_counts()
    {
        GrantSet grants = GrantSet.Empty with
        {
            Databases = [new DatabaseGrant("d%", PrivilegeSet.All), new DatabaseGrant("data%", PrivilegeSet.Select)],
        };

        Assert.Equal(PrivilegeSet.Select, grants.OnDatabase("database"));
    }

    [Fact]
    public void A_file_cut_anywhere_or_changed_in_a_byte_is_refused()
    {
        byte[] file = AccountWriter.Write(AccountSet.Empty.With(new StoredAccount(new AccountKey("u", "%")) { Grants = GrantSet.Everything }));

        Assert.True(AccountReader.TryRead(file, out AccountSet read));
        Assert.Equal(file, AccountWriter.Write(read));
        for (int i = 0; i < file.Length; i++)
        {
            Assert.False(AccountReader.TryRead(file.AsSpan(0, i), out _));
            byte[] changed = [.. file];
            changed[i] ^= 1;
            Assert.False(AccountReader.TryRead(changed, out _));
        }
    }
}
