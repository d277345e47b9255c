using P2PDB.Engine.Expressions.Functions;

namespace P2PDB.Engine.Expressions;

/// <summary>The families of functions; each registers its own.</summary>
internal static class FunctionFamilies
{
    public static void RegisterAll(Action<string, FunctionDefinition> add)
    {
        StringFunctions.Register(add);
        NumericFunctions.Register(add);
        TemporalFunctions.Register(add);
        TemporalArithmetic.Register(add);
        ControlFunctions.Register(add);
        SessionFunctions.Register(add);
        HashFunctions.Register(add);
        EncryptionFunctions.Register(add);
        NetworkFunctions.Register(add);
        RegexpFunctions.Register(add);
        JsonFunctions.Register(add);
    }
}
