using P2PDB.Engine.Execution.Access;
using P2PDB.Engine.Sql.Ast;

namespace P2PDB.Engine.Tests.Accounts;

/// <summary>No kind of statement is without a rule that says what it needs.</summary>
public sealed class StatementRulesTests
{
    [Fact]
    public void Every_kind_of_statement_has_a_rule()
    {
        string[] without =
        [
            .. typeof(Statement).Assembly.GetTypes()
                .Where(type => type.IsSubclassOf(typeof(Statement)) && !type.IsAbstract)
                .Except(StatementRules.Listed)
                .Select(type => type.Name),
        ];

        Assert.Empty(without);
    }
}
