using System.Globalization;

namespace P2PDB.Host.Commands.Log;

/// <summary>One line on the terminal that tells how far a long command is; nothing where standard error is no terminal.</summary>
internal static class Progress
{
    public static void Show(FormattableString text)
    {
        if (!Console.IsErrorRedirected)
            Console.Error.Write($"\r{text.ToString(CultureInfo.InvariantCulture)}  \r");
    }
}
