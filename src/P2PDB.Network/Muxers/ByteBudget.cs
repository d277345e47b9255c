namespace P2PDB.Network.Muxers;

/// <summary>Bytes that may be held at one time, inside those that a wider budget allows. For any thread.</summary>
internal sealed class ByteBudget(long max, ByteBudget? wider = null)
{
    private long _taken;

    /// <summary>Bytes taken and not given back.</summary>
    public long Taken => Interlocked.Read(ref _taken);

    /// <summary>Takes bytes here and in the wider budget; false takes none.</summary>
    public bool TryTake(long length)
    {
        if (Interlocked.Add(ref _taken, length) <= max && (wider is null || wider.TryTake(length)))
            return true;

        Interlocked.Add(ref _taken, -length);
        return false;
    }

    /// <summary>Gives bytes back that were taken.</summary>
    public void GiveBack(long length)
    {
        Interlocked.Add(ref _taken, -length);
        wider?.GiveBack(length);
    }
}
