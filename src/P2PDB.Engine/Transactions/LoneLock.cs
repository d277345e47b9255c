using System.Runtime.InteropServices;

namespace P2PDB.Engine.Transactions;

/// <summary>A lock that one owner holds and nobody waits for. The default is held by nobody.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal struct LoneLock
{
    /// <summary>Name of the key.</summary>
    public ulong Name;

    /// <summary>The owner's number × 2, + 1 where it holds the key exclusively; 0 for nobody.</summary>
    private uint _holder;

    /// <summary>True where somebody holds it.</summary>
    public readonly bool IsHeld => _holder != 0;

    /// <summary>The holder's number, from 1 on.</summary>
    public readonly int Owner => (int)(_holder >> 1);

    /// <summary>How it is held.</summary>
    public readonly LockMode Mode => (_holder & 1) != 0 ? LockMode.Exclusive : LockMode.Shared;

    /// <summary>Gives it to an owner.</summary>
    public void Hold(int owner, LockMode mode) => _holder = ((uint)owner << 1) | (mode == LockMode.Exclusive ? 1u : 0);
}
