using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Loading;

/// <summary>Opens the files that LOAD DATA without LOCAL names: those in the directory of secure_file_priv, and no others.</summary>
internal static class ServerFile
{
    private const int NoSuchFile = 2;
    private const int PermissionDenied = 13;

    /// <summary>
    /// Opens a file; a relative name is looked for in <paramref name="directory"/>. Error 1290 where there is no such directory, or
    /// the file, all links followed, does not lie in it; 13 and 29 where it cannot be read.
    /// </summary>
    public static Stream Open(string name, string? directory)
    {
        if (directory is null)
            throw SqlErrors.OptionPreventsStatement("--secure-file-priv").ToException();
        try
        {
            string root = RealPath(Path.GetFullPath(directory));
            string path = RealPath(Path.GetFullPath(name, root));
            if (!path.StartsWith(root.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
                throw SqlErrors.OptionPreventsStatement("--secure-file-priv").ToException();
            if (!File.Exists(path))
                throw LoadErrors.CannotStat(name, NoSuchFile, "No such file or directory").ToException();
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        }
        catch (UnauthorizedAccessException)
        {
            throw LoadErrors.CannotOpen(name, PermissionDenied, "Permission denied").ToException();
        }
        catch (Exception failure) when (failure is IOException or ArgumentException)
        {
            throw LoadErrors.CannotOpen(name, failure.HResult, failure.Message).ToException();
        }
    }

    /// <summary>The path with every link on the way followed.</summary>
    private static string RealPath(string path)
    {
        string real = Path.GetPathRoot(path) ?? "";
        foreach (string part in path[real.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            real = Path.Combine(real, part);
            if (Path.Exists(real) && new FileInfo(real).ResolveLinkTarget(returnFinalTarget: true) is { } target)
                real = RealPath(target.FullName);
        }

        return real;
    }
}
