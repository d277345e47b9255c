using System.Text;
using P2PDB.Engine;
using P2PDB.Engine.Types;

namespace P2PDB.Samples.Embedding;

/// <summary>A shop's stock and the temperatures of its freezers, in a database of its own process.</summary>
public static class Shop
{
    /// <summary>Runs all parts on the data of a folder; a second run finds what the first has written.</summary>
    public static void Run(string folder, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        using Database database = Database.Open(folder, new DatabaseOptions { Store = StoreKind.File });
        using Session session = database.OpenSession();
        Define(session);
        using TableHandle items = session.OpenTable("shop", "item");
        Stock(items, output);
        Sell(session, items, output);
        Refuse(items, output);
        using TableHandle readings = session.OpenTable("shop", "reading");
        Record(session, readings);
        Show(readings, output);
        Report(session, output);
    }

    private static void Define(Session session)
    {
        session.Execute("""
            CREATE DATABASE IF NOT EXISTS shop;
            USE shop;
            CREATE TABLE IF NOT EXISTS item (
                sku VARCHAR(20) PRIMARY KEY, name VARCHAR(80) NOT NULL, price DECIMAL(10,2) NOT NULL, stock INT UNSIGNED NOT NULL DEFAULT 0);
            CREATE TABLE IF NOT EXISTS reading (
                freezer INT, taken DATETIME(3), celsius DOUBLE NOT NULL, PRIMARY KEY (freezer, taken))
            """u8, ResultSink.Discard);
    }

    private static void Stock(TableHandle items, TextWriter output)
    {
        int name = items.OrdinalOf("name");
        int price = items.OrdinalOf("price");
        int stock = items.OrdinalOf("stock");

        RowWriter row = items.NewRow();
        row.SetText(items.OrdinalOf("sku"), "pea-1kg"u8);
        row.SetText(name, "Peas, 1 kg"u8);
        row.SetDecimal(price, SqlDecimal.FromScaled(349, 2));
        row.SetInt64(stock, 10);
        items.Put(row);

        TableKey sku = items.NewKey();
        if (items.TryGet(sku.AddText("PEA-1KG"u8), out RowReader found))
        {
            string text = Encoding.UTF8.GetString(found.GetBytes(name));
            output.Write($"{text}: {found.GetDecimal(price)}, {found.GetInt64(stock)} left\n");
        }
    }

    private static void Sell(Session session, TableHandle items, TextWriter output)
    {
        int stock = items.OrdinalOf("stock");
        TableKey sku = items.NewKey().AddText("pea-1kg"u8);
        RowWriter row = items.NewRow();

        session.Execute("BEGIN"u8, ResultSink.Discard);
        session.Execute("SELECT stock FROM item WHERE sku = 'pea-1kg' FOR UPDATE"u8, ResultSink.Discard);
        items.TryGet(sku, out RowReader before);
        row.SetInt64(stock, before.GetInt64(stock) - 3);
        items.Update(sku, row);
        session.Execute("COMMIT"u8, ResultSink.Discard);

        items.TryGet(sku, out RowReader after);
        output.Write($"{after.GetInt64(stock)} left after a sale\n");
    }

    private static void Refuse(TableHandle items, TextWriter output)
    {
        RowWriter row = items.NewRow();
        row.SetInt64(items.OrdinalOf("stock"), -1);
        try
        {
            items.Update(items.NewKey().AddText("pea-1kg"u8), row);
        }
        catch (SqlException failure)
        {
            output.Write($"error {failure.Error.Code}: {failure.Message}\n");
        }
    }

    private static void Record(Session session, TableHandle readings)
    {
        RowWriter row = readings.NewRow();
        session.Execute("BEGIN"u8, ResultSink.Discard);
        for (int minute = 0; minute < 60; minute++)
        {
            for (int freezer = 1; freezer <= 2; freezer++)
            {
                row.SetInt64(0, freezer);
                row.SetDateTime(1, new TemporalValue(2026, 11, 28, 12, minute));
                row.SetDouble(2, -18 - (minute % 10 / 10.0) - freezer);
                readings.Put(row);
            }
        }

        session.Execute("COMMIT"u8, ResultSink.Discard);
    }

    private static void Show(TableHandle readings, TextWriter output)
    {
        TableKey from = readings.NewKey().AddInt64(2).AddDateTime(new TemporalValue(2026, 11, 28, 12, 57));
        TableKey freezer = readings.NewKey().AddInt64(2);
        foreach (RowReader row in readings.Scan(from, freezer))
        {
            TemporalValue taken = row.GetDateTime(1);
            output.Write($"freezer {row.GetInt64(0)} at {taken.Hour}:{taken.Minute:00}: {row.GetDouble(2):0.0}\n");
        }

        foreach (RowReader row in readings.Scan(freezer, freezer, ScanOptions.Descending))
        {
            output.Write($"last: {Encoding.UTF8.GetString(row.GetText(1))}\n");
            break;
        }
    }

    private static void Report(Session session, TextWriter output)
    {
        using PreparedStatement statement = session.Prepare("SELECT freezer, COUNT(*), MIN(celsius) FROM reading WHERE celsius < ? GROUP BY freezer ORDER BY freezer"u8);
        var parameters = new ParameterSet();
        parameters.Reset(statement.ParameterCount);
        parameters.SetDouble(0, -19.5);
        var rows = new TextResult();
        statement.Execute(parameters, rows);
        foreach (string?[] row in rows)
            output.Write($"freezer {row[0]}: {row[1]} readings below -19.5, {row[2]} at the lowest\n");
    }
}
