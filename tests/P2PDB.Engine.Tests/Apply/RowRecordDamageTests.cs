using P2PDB.Engine.Apply;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Log;

namespace P2PDB.Engine.Tests.Apply;

/// <summary>Damaged records are named as such: no other exception, and no row made of rubbish.</summary>
public class RowRecordDamageTests
{
    private const int ColumnCount = 3;
    private const string Stamp = "0500000000000000" + "01" + "02";

    [Fact]
    public void Sound_stamps_are_read()
    {
        var stamps = new RowStamps();

        stamps.Load(Row(StoredRow.ColumnStampsFlag, Stamp + "01" + "02" + Stamp), ColumnCount, new NumberedChains());

        Assert.Equal(new Stamp(new(5), 1, 2), stamps.Base);
        Assert.Equal(stamps.Base, stamps.Columns[2]);
    }

    [Theory]
    [InlineData(StoredRow.ColumnStampsFlag, Stamp + "01" + "03" + Stamp)]             // a column that the layout lacks
    [InlineData(StoredRow.ColumnStampsFlag, Stamp + "04")]                            // more columns than there are
    [InlineData(StoredRow.ColumnStampsFlag, Stamp + "01" + "FFFFFFFF0F" + Stamp)]     // a position that no int holds
    [InlineData(0, "0500000000000000" + "FFFFFFFF0F" + "02")]                         // a chain number that no int holds
    [InlineData(0, "0500000000000000" + "01" + "FFFFFFFF1F")]                         // an operation index of 33 bits
    [InlineData(0, Stamp + "00")]                                                     // a byte too many
    [InlineData(0, "05000000000000")]
    public void Damaged_stamps_are_named(byte flags, string stamps) => Assert.Throws<InvalidDataException>(
        () => new RowStamps().Load(Row(flags, stamps), ColumnCount, new NumberedChains()));

    [Theory]
    [InlineData("0203")]     // an unknown flag
    [InlineData("000300")]   // a byte too many
    [InlineData("0004")]     // longer than the key
    public void Damaged_index_entry_is_named(string value) => Assert.Throws<InvalidDataException>(
        () => { _ = IndexEntry.Read([1, 2, 3], Convert.FromHexString(value)); });

    private static StoredRow Row(byte flags, string stamps)
    {
        byte[] bytes = Convert.FromHexString(stamps);
        byte[] record = [flags, 0, (byte)bytes.Length, .. bytes];
        return StoredRow.Read(record);
    }
}
