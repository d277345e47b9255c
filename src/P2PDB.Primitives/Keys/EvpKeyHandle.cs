using Microsoft.Win32.SafeHandles;

namespace P2PDB.Primitives.Keys;

/// <summary>Owns an EVP_PKEY, whose private half libcrypto erases when it is freed.</summary>
internal sealed class EvpKeyHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    public EvpKeyHandle(nint key)
        : base(ownsHandle: true) => SetHandle(key);

    protected override bool ReleaseHandle()
    {
        LibcryptoNative.FreeKey(handle);
        return true;
    }
}
