using P2PDB.Engine.Log;
using P2PDB.Engine.Storage.Devices;

namespace P2PDB.Simulation.Nodes;

// ONE SEED IS ONE RUN
//
// Three whole nodes in one thread. The first makes the database, the second joins at the start, the third somewhere in the
// middle, invited by either, and each may leave and come back. A script drawn from the seed lets them run statements, while frames
// are lost, repeated and reordered, connections break, nodes are parted, their clocks drift, their disks are full, they restart,
// are killed, lose power (what was not synced is there or not), go on from an old backup (a new life), and are copied as a whole,
// so that node and copy write one chain in two ways (a fork). Who goes on from a backup may have lost whom it invited or let in, and
// tickets are tried again that were used before. Then everything heals, and within bounded time all have to have the same.
//
// Nothing here is left to chance: no thread, no clock, no dice but the seed's. The trace tells each step; a seed gives the same
// trace again.

/// <summary>A simulated run of three nodes; see the prose above.</summary>
internal sealed class Cluster : IDisposable
{
    private const int MoveCountMax = 20_000;
    private const int HealRoundCount = 40;

    /// <summary>What statements may answer that meet other nodes' changes, wrong guesses of the workload and its own transactions.</summary>
    private static readonly int[] ExpectedErrors =
    [
        1021, 1032, 1048, 1049, 1050, 1054, 1060, 1061, 1062, 1072, 1075, 1090, 1091, 1101, 1138, 1146, 1170, 1205, 1213, 1235, 1264, 1265, 1305, 1364, 1366, 1412,
        1406, 1451, 1452, 1553, 1701, 1761, 1824, 1826, 1828, 1829, 1830, 1832, 1833, 3008, 3730, 3734, 3780, 6125,
        3140, 3152, 3818, 3819, 3821, 3822, 3823, 3959, 3980,
    ];

    private readonly Random _dice;
    private readonly ClusterOptions _options;
    private readonly SimulatedTime _time = new();
    private readonly SimulatedNode[] _nodes;
    private readonly SimulatedNetwork _network;
    private readonly SqlWorkload _workload;
    private readonly Acknowledgements _acknowledged = new();
    private readonly Dictionary<SimulatedNode, MemoryVolume> _backups = [];
    private readonly List<string> _tickets = [];
    private readonly List<string> _trace = [];

    public Cluster(int seed, ClusterOptions options)
    {
        _dice = new Random(seed);
        _options = options;
        _workload = new SqlWorkload(_dice);
        _network = new SimulatedNetwork(_dice, _trace);
        _nodes = [.. ((string[])["A", "B", "C"]).Select(name => new SimulatedNode(name, _time, new Random(_dice.Next()), options))];
    }

    /// <summary>What happened, a line for each step.</summary>
    public IReadOnlyList<string> Trace => _trace;

    /// <summary>Runs the script, heals everything, and checks the laws.</summary>
    public void Run()
    {
        Begin();
        for (int step = 0; step < _options.StepCount; step++)
            Step(_nodes[_dice.Next(_nodes.Length)]);
        Heal();
        ClusterLaws.AssertSame(_nodes);
        foreach (SimulatedNode node in _nodes)
            _acknowledged.AssertHeldBy(node);
    }

    public void Dispose()
    {
        _network.Dispose();
        foreach (SimulatedNode node in _nodes)
            node.Dispose();
    }

    private void Begin()
    {
        foreach (SimulatedNode node in _nodes)
            node.Start();
        Run(_nodes[0].Sessions[0], $"CREATE DATABASE {SimulatedNode.DatabaseName}");
        _nodes[0].UseDatabase();
        for (int i = _dice.Next(4); i > 0; i--)
            Run(_nodes[0].Sessions[0], _workload.CreateTable());
        _network.Connect(_nodes[0], _nodes[1]);
        Join(_nodes[1], _nodes[0]);
        Drain();
        Assert.True(_nodes[1].IsMember, "The second node did not become a member over a sound network.");
        _network.Faults = NetworkFaults.Draw(_dice);
    }

    private void Step(SimulatedNode node)
    {
        if (!node.IsUp)
        {
            if (_dice.Next(3) == 0)
                Start(node);
            return;
        }

        SimulatedNode other = _nodes[_dice.Next(_nodes.Length)];
        switch (_dice.Next(100))
        {
            case < 40:
                RunAny(node);
                break;
            case < 68:
                Move(1 + _dice.Next(8));
                break;
            case < 76:
                Wait();
                break;
            case < 79:
                Tick(node);
                break;
            case < 80:
                Fill(node);
                break;
            case < 86:
                _network.Connect(node, other);
                break;
            case < 88:
                _network.Cut(node, other);
                break;
            case < 89:
                if (node != other)
                    _network.Part(node, other);
                break;
            case < 90:
                _network.Heal();
                _network.Faults = NetworkFaults.Draw(_dice);
                break;
            case < 92:
                Stop(node);
                Start(node);
                break;
            case < 94:
                Crash(node);
                break;
            case < 95:
                node.SetFlushMode(_dice.Next(3));
                break;
            case < 96:
                Skew(node);
                break;
            case < 97:
                BackUpOrRestore(node);
                break;
            case < 98:
                Fork(node, other);
                break;
            case < 99:
                if (_dice.Next(3) == 0)
                    TryOldTicket();
                else
                    Invite(node);
                break;
            default:
                Leave(node);
                break;
        }
    }

    /// <summary>Runs a statement of the workload, where the node may write.</summary>
    private void RunAny(SimulatedNode node)
    {
        if (!node.IsUp || !node.IsMember)
            return;
        SimulatedSession session = node.Sessions[_dice.Next(node.Sessions.Count)];
        Run(session, _workload.Next(session));
    }

    /// <summary>Runs a statement, and holds the node to its answer.</summary>
    private void Run(SimulatedSession session, string sql)
    {
        SimulatedNode node = session.Node;
        _acknowledged.Begin(node);
        StatementSink answer = session.Execute(sql);
        bool isDown = node.Volume.IsDown;
        _trace.Add($"{node}{(session == node.Sessions[0] ? "" : "*")}: {(sql.Length > 200 ? sql[..200] + "..." : sql)} -> {answer}{(isDown ? ", power lost" : "")}");
        if (answer.IsDone)
        {
            int count = _acknowledged.End(node);
            Assert.True(
                count > 0 || answer.AffectedRows == 0 || session.InTransaction || isDown, $"{node} answered well and wrote nothing: {sql}");
        }
        else if (!isDown && !ExpectedErrors.Contains(answer.Error!.Code) && !IsAboutClock(node, answer.Error.Code))
        {
            Assert.Fail($"{node} answered {answer.Error.Code} ({answer.Error.Message}) to: {sql}");
        }

        NoteDown(node);
    }

    /// <summary>Whether a node refused to commit because its clock is far behind its log.</summary>
    private static bool IsAboutClock(SimulatedNode node, int code) => code == 1105
        && node.Database!.Log.Clock.Latest.Milliseconds > (ulong)(node.Clock.GetUtcNow() + DatabaseLog.AheadMax).ToUnixTimeMilliseconds();

    private void Move(int count)
    {
        for (; count > 0 && _network.Move() is { } actor; count--)
        {
            _acknowledged.Settle(actor);
            NoteDown(actor);
        }
    }

    /// <summary>Lets everything arrive that is on its way.</summary>
    private void Drain()
    {
        for (int count = 0; count < MoveCountMax; count++)
        {
            if (_network.Move() is null)
                return;
        }

        Assert.Fail($"The nodes still talk after {MoveCountMax} frames.");
    }

    /// <summary>Time passes: mostly so little that nodes stamp in the same millisecond.</summary>
    private void Wait()
    {
        int milliseconds = _dice.Next(6) switch
        {
            0 or 1 or 2 => 1,
            3 => _dice.Next(1_000),
            4 => _dice.Next(20_000),
            _ => 0,
        };
        _time.Advance(TimeSpan.FromMilliseconds(milliseconds));
        _trace.Add($"{milliseconds} ms pass");
    }

    private void Tick(SimulatedNode node)
    {
        _trace.Add($"{node} ticks");
        node.Tick();
        _acknowledged.Settle(node);
        _network.Tick();
        foreach (SimulatedNode any in _nodes)
            NoteDown(any);
    }

    /// <summary>A disk has little room left, or room again.</summary>
    private void Fill(SimulatedNode node)
    {
        long? room = _dice.Next(2) == 0 ? _dice.Next(40_000) : null;
        node.Volume.LimitGrowth(room);
        _trace.Add($"{node}'s disk has {(room is null ? "room" : $"{room} bytes left")}");
    }

    private void Skew(SimulatedNode node)
    {
        node.Clock.Skew = _dice.Next(4) switch
        {
            0 => TimeSpan.FromMilliseconds(_dice.Next(-3, 4)),
            1 => TimeSpan.FromSeconds(_dice.Next(-400, 400)),
            _ => TimeSpan.Zero,
        };
        _trace.Add($"{node}'s clock is wrong by {node.Clock.Skew.TotalMilliseconds} ms");
    }

    private void Stop(SimulatedNode node)
    {
        _trace.Add($"{node} stops");
        _network.CutAll(node);
        node.Stop();
    }

    private void Start(SimulatedNode node)
    {
        node.Volume.LimitGrowth(null);
        node.Start(_dice.Next(8) == 0 ? _dice.Next(12) : -1);
        _trace.Add(node.IsUp ? $"{node} starts" : $"{node} loses power while it starts");
        if (!node.IsUp)
            return;
        _acknowledged.AssertKept(node);
        ClusterLaws.AssertState(node);
    }

    private void Crash(SimulatedNode node)
    {
        switch (_dice.Next(3))
        {
            case 0:
                node.Volume.Kill();
                break;
            case 1:
                node.Volume.LosePower();
                break;
            default:
                int calls = _dice.Next(20);
                _trace.Add($"{node} will lose power after {calls} calls");
                node.Volume.LosePowerAfter(calls);
                break;
        }

        NoteDown(node);
    }

    /// <summary>A node whose disk failed it is down.</summary>
    private void NoteDown(SimulatedNode node)
    {
        if (!node.IsUp || !node.Volume.IsDown)
            return;
        _trace.Add($"{node} is down");
        _network.CutAll(node);
        node.Stop();
    }

    /// <summary>
    /// A member's disk is copied, or it goes on from the copy made last: as from a backup, or, where tails may be lost, as a disk
    /// that kept less than it said.
    /// </summary>
    private void BackUpOrRestore(SimulatedNode node)
    {
        if (!_backups.Remove(node, out MemoryVolume? backup))
        {
            bool isImage = _options.LosesTails && _dice.Next(2) == 0;
            _trace.Add($"{node}'s disk is {(isImage ? "imaged" : "backed up")}");
            _backups.Add(node, node.Volume.Copy(new Random(_dice.Next()), isImage));
            return;
        }

        node.Volume.Kill();
        NoteDown(node);
        _trace.Add($"{node} goes on from the copy of its disk");
        node.Replace(backup);
        node.Start();
        _acknowledged.Forget(node, _nodes);
        ClusterLaws.AssertState(node);
    }

    /// <summary>
    /// A stopped node's disk is copied as a whole, and the copy runs for a while as if it were the node: both write on, under one
    /// author key. What the copy wrote reaches another node.
    /// </summary>
    private void Fork(SimulatedNode node, SimulatedNode other)
    {
        if (node == other || !node.IsMember || !other.IsUp || !other.IsMember)
            return;
        Stop(node);
        MemoryVolume image = node.Volume.Copy(new Random(_dice.Next()), isImage: true);
        Start(node);
        using SimulatedNode twin = new($"{node}'", _time, new Random(_dice.Next()), _options, image);
        _trace.Add($"{node} has a twin");
        twin.Clock.Skew = node.Clock.Skew;
        twin.Start();
        for (int i = 1 + _dice.Next(4); i > 0; i--)
            RunAny(_dice.Next(2) == 0 ? node : twin);
        using (SimulatedConnection connection = new(twin, other))
        {
            for (int i = 0; i < MoveCountMax && connection.Movable.FirstOrDefault() is { } end; i++)
                _trace.Add(connection.Move(end, NetworkFaults.None, _dice, out _, out _));
        }

        NoteDown(other);
        _acknowledged.Forget(twin, _nodes);
    }

    /// <summary>A member drops its copy of the database, and may be invited again as any other.</summary>
    private void Leave(SimulatedNode node)
    {
        if (Array.TrueForAll(_nodes, any => any.IsUp) && HaveMet())
            Drop(node);
    }

    private void Drop(SimulatedNode node)
    {
        StatementSink answer = node.Sessions[0].Execute($"DROP DATABASE {SimulatedNode.DatabaseName}");
        _trace.Add($"{node} leaves: {answer}");
        if (node.Log is null)
            _acknowledged.Forget(node, _nodes);
        NoteDown(node);
    }

    /// <summary>A member invites a node that does not have the database, or whose ticket was refused.</summary>
    private void Invite(SimulatedNode inviter)
    {
        if (Array.Find(_nodes, node => node.IsUp && node.IsRefused) is { } refused)
            Drop(refused);
        if (!inviter.IsUp || !inviter.IsMember || Array.Find(_nodes, node => node.IsUp && node.Log is null) is not { } newcomer)
            return;
        Join(newcomer, inviter);
        _network.Connect(newcomer, inviter);
    }

    /// <summary>A ticket that was given out before, and used by this node, by another or by none.</summary>
    private void TryOldTicket()
    {
        if (Array.Find(_nodes, node => node.IsUp && node.Log is null) is { } newcomer)
            Join(newcomer, _tickets[_dice.Next(_tickets.Count)]);
    }

    /// <summary>An invitation, taken to the newcomer by hand.</summary>
    private void Join(SimulatedNode newcomer, SimulatedNode inviter)
    {
        _acknowledged.Begin(inviter);
        StatementSink invitation = inviter.Sessions[^1].Execute($"CALL p2pdb.invite('{SimulatedNode.DatabaseName}', 'write')");
        _trace.Add($"{inviter} invites {newcomer}: {invitation}");
        if (invitation.IsDone)
            _acknowledged.End(inviter);
        NoteDown(inviter);
        if (!invitation.IsDone)
            return;
        _tickets.Add(invitation.Texts[0]);
        Join(newcomer, invitation.Texts[0]);
    }

    private void Join(SimulatedNode newcomer, string ticket)
    {
        StatementSink join = newcomer.Sessions[0].Execute($"CALL p2pdb.join('{ticket}')");
        _trace.Add($"{newcomer} joins: {join}");
        NoteDown(newcomer);
        if (newcomer.Log is not null)
            newcomer.UseDatabase();
    }

    private void Heal()
    {
        _trace.Add("everything heals");
        _network.Heal();
        _time.Advance(TimeSpan.FromMinutes(15));
        foreach (SimulatedNode node in _nodes)
        {
            node.Clock.Skew = TimeSpan.Zero;
            node.Volume.LosePowerAfter(-1);
            node.Volume.LimitGrowth(null);
            if (!node.IsUp)
            {
                node.Start();
                _acknowledged.AssertKept(node);
                ClusterLaws.AssertState(node);
            }

            foreach (SimulatedSession session in node.Sessions.Where(session => session.InTransaction))
                Run(session, "COMMIT");
            Tick(node);
        }

        for (int round = 0; round < HealRoundCount; round++)
        {
            for (int i = 0; i < _nodes.Length; i++)
                _network.Connect(_nodes[i], _nodes[(i + 1) % _nodes.Length]);
            Drain();
            Invite(_nodes[round % _nodes.Length]);
            if (HaveMet())
                return;
            _time.Advance(TimeSpan.FromSeconds(15));
            foreach (SimulatedNode node in _nodes)
                Tick(node);
        }

        Assert.Fail("The nodes did not converge:\n" + string.Join('\n', _nodes.Select(Describe)));
    }

    private bool HaveMet() => Array.TrueForAll(_nodes, node =>
        node.IsMember && !IsWaiting(node.Log!) && node.Log!.Published.GetHeads([]) == _nodes[0].Log!.Published.GetHeads([]));

    /// <summary>
    /// True where entries wait for what may still come. What a node had that went back to an old copy may be gone for good, while a
    /// peer has entries that followed it: those wait until that peer restarts.
    /// </summary>
    private bool IsWaiting(DatabaseLog log)
    {
        List<EntryId> missing = log.GetMissing();
        return log.ParkedCount > 0 && (missing.Count == 0 || missing.Exists(id => Array.Exists(_nodes, node => node.Log?.Contains(id) == true)));
    }

    private static string Describe(SimulatedNode node) => node.Log is not { } log
        ? $"{node} does not follow the database"
        : $"{node} {(node.IsMember ? "is" : "is not")} a member, holds {log.EntryCount} entries, {log.ParkedCount} wait, heads {log.Published.GetHeads([])}: "
            + string.Join(", ", log.Published.GetVector().Select(head => $"{head.Author.ToString()[..8]}/{head.Seq}/{head.Head.ToString()[..8]}"));
}
