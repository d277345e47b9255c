using System.Globalization;

namespace P2PDB.Stores;

/// <summary>What the command line says.</summary>
internal sealed record Options(int RowCount, int RoundCount, int Milliseconds, string Only, string Operation, string Directory)
{
    public static Options Read(string[] args)
    {
        var options = new Options(1_000_000, 7, 200, "", "", Environment.CurrentDirectory);
        for (int i = 0; i + 1 < args.Length; i += 2)
        {
            string value = args[i + 1];
            options = args[i] switch
            {
                "--rows" => options with { RowCount = int.Parse(value, CultureInfo.InvariantCulture) },
                "--rounds" => options with { RoundCount = int.Parse(value, CultureInfo.InvariantCulture) },
                "--milliseconds" => options with { Milliseconds = int.Parse(value, CultureInfo.InvariantCulture) },
                "--only" => options with { Only = value },
                "--operation" => options with { Operation = value },
                "--directory" => options with { Directory = value },
                _ => throw new ArgumentException($"{args[i]}: --rows, --rounds, --milliseconds, --only, --operation or --directory is meant"),
            };
        }

        return options;
    }
}
