using P2PDB.Engine.Log;
using P2PDB.Engine.Sync;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Tests.Sync;

public class InvitationTicketTextTests
{
    [Fact]
    public void Text_of_a_ticket_is_read()
    {
        var ticket = new InvitationTicket(
            new DatabaseId(Blake3.Hash("d"u8)), new EntryId(Blake3.Hash("e"u8)), new byte[32], "shop", ["/ip4/127.0.0.1/tcp/4001"]);

        bool isRead = InvitationTicket.TryParse(SimpleBase.Base58.Bitcoin.Encode(ticket.Encode()), out InvitationTicket? read);

        Assert.True(isRead);
        Assert.Equal(ticket.Encode(), read!.Encode());
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("111111111111111111111111111111111111111111")]
    [InlineData("0OIl")]
    [InlineData("äöü")]
    [InlineData("3yZe7d")]
    public void Other_text_is_refused(string text) => Assert.False(InvitationTicket.TryParse(text, out _));

    [Fact]
    public void Endless_text_is_refused() => Assert.False(InvitationTicket.TryParse(new string('z', 100_000), out _));
}
