namespace P2PDB.Network.Muxers;

/// <summary>The stream was reset by one of its ends, or its connection is gone: what was sent may not have arrived.</summary>
public sealed class StreamResetException : IOException
{
    /// <summary>Creates the exception with its usual text.</summary>
    public StreamResetException()
        : base("The stream was reset or its connection ended.")
    {
    }

    /// <summary>Creates the exception with a text.</summary>
    public StreamResetException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a text and its cause.</summary>
    public StreamResetException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
