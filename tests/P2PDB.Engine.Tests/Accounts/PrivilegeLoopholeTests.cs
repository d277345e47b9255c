using P2PDB.Engine.Accounts;
using P2PDB.Engine.Execution;
using P2PDB.Engine.Sql;
using P2PDB.Engine.Sql.Ast;

namespace P2PDB.Engine.Tests.Accounts;

/// <summary>Ways around privileges that are closed.</summary>
public sealed class PrivilegeLoopholeTests : IDisposable
{
    private readonly AccountNode _node = new();

    public void Dispose() => _node.Dispose();

    [Fact]
    public void A_plan_counts_as_made_under_the_rights_that_it_was_checked_with()
    {
        _node.Run("CREATE DATABASE app; CREATE TABLE app.t (a INT PRIMARY KEY); CREATE USER u; GRANT SELECT ON app.t TO u");
        Session session = _node.LogIn("u");
        var runner = new StatementRunner(session.State);
        byte[] text = "SELECT a FROM app.t WHERE a = 1"u8.ToArray();
        var literals = new LiftedLiterals();
        Assert.True(literals.TryRead(text, runner.ParseOptions));
        Statement statement = Parser.ParseSingle(text, runner.ParseOptions);
        CompiledStatement plan = runner.Compile(statement, [], literals.Bind, literals.Values);
        var plans = new PlanCache();
        plans.Add(literals, plan, runner.Context);
        Assert.Same(plan, plans.Find(literals, runner.Context));

        // The privilege goes when the plan is made and not yet kept.
        _node.Run("REVOKE SELECT ON app.t FROM u");
        plans.Add(literals, plan, runner.Context);

        Assert.NotSame(session.State.Rights, plan.Rights);
        Assert.Null(plans.Find(literals, runner.Context));
    }

    [Fact]
    public void A_session_that_is_reset_keeps_its_rights_and_with_them_its_plans()
    {
        _node.Run("CREATE USER u; CREATE ROLE r; GRANT r TO u; SET DEFAULT ROLE r TO u");
        Session session = _node.LogIn("u");
        Rights rights = session.State.Rights;

        session.Reset();
        Assert.Same(rights, session.State.Rights);

        Assert.Equal(0, AccountNode.Run(session, "SET ROLE NONE"));
        Assert.NotSame(rights, session.State.Rights);
        session.Reset();
        Assert.Equal(new AccountKey("r", "%"), Assert.Single(session.State.Rights.ActiveRoles));
    }

    [Fact]
    public void The_right_to_pass_a_dynamic_privilege_on_is_none_for_static_ones()
    {
        _node.Run("CREATE DATABASE hr; CREATE USER op; CREATE USER friend; GRANT P2PDB_ADMIN ON *.* TO op WITH GRANT OPTION; GRANT SELECT ON hr.* TO op");
        Session op = _node.LogIn("op");

        Assert.Equal(1044, AccountNode.Run(op, "GRANT SELECT ON hr.* TO friend"));
        Assert.Equal(0, AccountNode.Run(op, "GRANT P2PDB_ADMIN ON *.* TO op WITH GRANT OPTION"));
        Assert.Equal(1044, AccountNode.Run(op, "GRANT SELECT ON hr.* TO friend"));
        Assert.Equal(0, AccountNode.Run(op, "GRANT P2PDB_ADMIN ON *.* TO friend"));
        _node.Run("GRANT USAGE ON *.* TO op WITH GRANT OPTION");
        Assert.Equal(0, AccountNode.Run(op, "GRANT SELECT ON hr.* TO friend"));
    }

    [Fact]
    public void A_view_over_a_view_writes_no_column_that_the_lower_one_must_not()
    {
        _node.Run("CREATE DATABASE app; CREATE TABLE app.t (k INT PRIMARY KEY, a INT, b INT); INSERT INTO app.t VALUES (1, 1, 1)");
        _node.Run("CREATE DEFINER = root@localhost VIEW app.v AS SELECT k, a AS x, b AS y FROM app.t; CREATE DATABASE mine; CREATE USER u");
        _node.Run("GRANT SELECT, UPDATE (x), INSERT (k, x) ON app.v TO u; GRANT ALL ON mine.* TO u; SET GLOBAL local_infile = ON");
        Session session = _node.LogIn("u");
        Assert.Equal(0, AccountNode.Run(session, "CREATE VIEW mine.w AS SELECT k, x AS y, y AS x FROM app.v"));

        Assert.Equal(1143, AccountNode.Run(session, "UPDATE app.v SET y = 0"));
        Assert.Equal(1143, AccountNode.Run(session, "UPDATE mine.w SET x = 0"));
        Assert.Equal(1143, AccountNode.Run(session, "UPDATE mine.w JOIN mine.w AS o ON w.k = o.k SET w.x = 0"));
        Assert.Equal(1143, AccountNode.Run(session, "INSERT INTO mine.w (k, x) VALUES (2, 0)"));
        Assert.Equal(1143, AccountNode.Run(session, "LOAD DATA LOCAL INFILE 'f' INTO TABLE mine.w (k, x)"));
        Assert.Equal(0, AccountNode.Run(session, "UPDATE mine.w SET y = 5"));
        Assert.Equal(0, AccountNode.Run(session, "INSERT INTO mine.w (k, y) VALUES (2, 7)"));
        Assert.Equal("1|5|1\n2|7|NULL", AccountNode.Show(_node.Root, "SELECT k, a, b FROM app.t ORDER BY k"));
    }

    [Fact]
    public void A_table_keeps_its_database_when_it_is_renamed_and_that_is_the_one_asked_for()
    {
        _node.Run("CREATE DATABASE app; CREATE DATABASE mine; CREATE TABLE app.t (a INT PRIMARY KEY); CREATE USER u");
        _node.Run("GRANT ALL ON mine.* TO u; GRANT ALTER, DROP ON app.t TO u");
        Session session = _node.LogIn("u");

        Assert.Equal(1142, AccountNode.Run(session, "USE mine; ALTER TABLE app.t RENAME TO found"));
        _node.Run("GRANT CREATE, INSERT ON app.found TO u");
        Assert.Equal(0, AccountNode.Run(session, "ALTER TABLE app.t RENAME TO found"));
    }

    [Fact]
    public void Who_may_see_columns_alone_sees_no_others()
    {
        _node.Run("CREATE DATABASE app; CREATE TABLE app.p (id INT PRIMARY KEY)");
        _node.Run("CREATE TABLE app.t (id INT PRIMARY KEY, code INT UNIQUE, p INT, FOREIGN KEY (p) REFERENCES app.p (id)); CREATE USER u");
        _node.Run("GRANT SELECT (id) ON app.t TO u");
        Session session = _node.LogIn("u");

        Assert.Equal(1142, AccountNode.Run(session, "SHOW CREATE TABLE app.t"));
        Assert.Equal("id", AccountNode.Show(session, "SELECT COLUMN_NAME FROM information_schema.COLUMNS_EXTENSIONS WHERE TABLE_NAME = 't'"));
        Assert.Equal("id", AccountNode.Show(session, "SELECT COLUMN_NAME FROM information_schema.KEY_COLUMN_USAGE WHERE TABLE_NAME = 't'"));
        _node.Run("GRANT INSERT ON app.t TO u");
        Assert.Equal(0, AccountNode.Run(session, "SHOW CREATE TABLE app.t"));
        Assert.Equal("3", AccountNode.Show(session, "SELECT COUNT(*) FROM information_schema.KEY_COLUMN_USAGE WHERE TABLE_NAME = 't'"));
    }

    [Fact]
    public void Connection_admin_ends_no_session_of_a_system_user()
    {
        _node.Run("CREATE USER op; CREATE USER boss; CREATE ROLE high; GRANT CONNECTION_ADMIN ON *.* TO op; GRANT SYSTEM_USER ON *.* TO high");
        _node.Run("GRANT high TO boss");
        Session op = _node.LogIn("op");
        Session boss = _node.LogIn("boss");

        Assert.Equal(1095, AccountNode.Run(op, $"KILL QUERY {_node.Root.ConnectionId}"));
        Assert.Equal(0, AccountNode.Run(op, $"KILL QUERY {boss.ConnectionId}"));
        Assert.Equal(0, AccountNode.Run(boss, "SET ROLE high"));
        Assert.Equal(1095, AccountNode.Run(op, $"KILL QUERY {boss.ConnectionId}"));
        Assert.Equal(1095, op.RefusalOfKill(boss.ConnectionId)?.Code);
        _node.Run("GRANT SYSTEM_USER ON *.* TO op");
        Assert.Equal(0, AccountNode.Run(op, $"KILL QUERY {boss.ConnectionId}"));
    }

    [Fact]
    public void Who_makes_others_system_users_or_speaks_for_them_is_one()
    {
        _node.Run("CREATE USER op; CREATE USER boss; CREATE ROLE high; CREATE ROLE wrap; GRANT SYSTEM_USER ON *.* TO high; GRANT high TO wrap");
        _node.Run("GRANT wrap TO boss; GRANT ROLE_ADMIN, SET_ANY_DEFINER ON *.* TO op; CREATE DATABASE app; GRANT CREATE VIEW ON app.* TO op");
        _node.Run("GRANT CREATE USER ON *.* TO op");
        Session op = _node.LogIn("op");

        Assert.Equal(1227, AccountNode.Run(op, "GRANT wrap TO op"));
        Assert.Equal(1227, AccountNode.Run(op, "CREATE USER other DEFAULT ROLE wrap"));
        Assert.Equal(1227, AccountNode.Run(op, "CREATE DEFINER = boss VIEW app.v AS SELECT 1"));
        _node.Run("SET GLOBAL mandatory_roles = 'wrap'");
        Assert.Equal(3530, AccountNode.Run(op, "SET ROLE wrap"));
        // The account itself is protected by what it was granted itself alone, as in MySQL.
        Assert.Equal(0, AccountNode.Run(op, "ALTER USER boss ACCOUNT LOCK"));
    }

    [Fact]
    public void A_role_that_is_mandatory_no_more_is_active_no_more()
    {
        _node.Run("CREATE DATABASE app; CREATE TABLE app.t (a INT PRIMARY KEY); CREATE DATABASE mine; CREATE ROLE r; GRANT SELECT ON app.t TO r");
        _node.Run("CREATE USER u; CREATE USER reader; SET GLOBAL mandatory_roles = 'r'; GRANT CREATE VIEW, SELECT ON app.* TO u");
        Session session = _node.LogIn("u");
        Assert.Equal(0, AccountNode.Run(session, "SET DEFAULT ROLE r TO u; SET ROLE r; CREATE VIEW app.v AS SELECT a FROM app.t"));
        _node.Run("REVOKE ALL ON app.* FROM u; GRANT SELECT ON app.v TO reader");
        Session reader = _node.LogIn("reader");
        Assert.Equal(0, AccountNode.Run(session, "SELECT a FROM app.t"));
        Assert.Equal(0, AccountNode.Run(reader, "SELECT a FROM app.v"));

        _node.Run("SET GLOBAL mandatory_roles = ''");

        Assert.Equal(1142, AccountNode.Run(session, "SELECT a FROM app.t"));
        Assert.Equal("NONE", AccountNode.Show(session, "SELECT CURRENT_ROLE()"));
        Assert.Equal(1356, AccountNode.Run(reader, "SELECT a FROM app.v"));
    }

    [Fact]
    public void Names_that_nothing_can_have_are_granted_on_by_nobody()
    {
        string name = new('n', 70_000);
        _node.Run("CREATE USER u; CREATE DATABASE d");

        Assert.Equal(1059, AccountNode.Run(_node.Root, $"GRANT SELECT ON `{name}`.* TO u"));
        Assert.Equal(1059, AccountNode.Run(_node.Root, $"GRANT CREATE ON d.`{name}` TO u"));
        Assert.Equal(1059, AccountNode.Run(_node.Root, $"GRANT EXECUTE ON PROCEDURE d.`{name}` TO u"));
        Assert.Equal("GRANT USAGE ON *.* TO `u`@`%`", AccountNode.Show(_node.Root, "SHOW GRANTS FOR u"));
    }
}
