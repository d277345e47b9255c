using P2PDB.Engine.Types;

namespace P2PDB.Engine.Tests.Types;

public class SessionTimeZoneTests
{
    [Theory]
    [InlineData("SYSTEM")]
    [InlineData("+02:00")]
    [InlineData("utc")]
    [InlineData("Europe/Berlin")]
    [InlineData("Etc/GMT+5")]
    [InlineData("America/Argentina/Buenos_Aires")]
    public void Zone_is_found(string name) => Assert.True(SessionTimeZone.TryParse(name, out _));

    [Theory]
    [InlineData("")]
    [InlineData("+15:00")]
    [InlineData("Nowhere/Town")]
    [InlineData("/dev/zero")]
    [InlineData("../../../dev/zero")]
    [InlineData("Europe/../Europe/Berlin")]
    [InlineData("Europe//Berlin")]
    [InlineData("Europe/")]
    [InlineData("/usr/share/zoneinfo/Europe/Berlin")]
    public void What_is_no_name_of_a_zone_is_not_looked_for(string name) => Assert.False(SessionTimeZone.TryParse(name, out _));
}
