using P2PDB.Isolation.History;

namespace P2PDB.Isolation.Checking;

/// <summary>Histories made by hand: each phenomenon is found, at the levels that rule it out it is forbidden, and clean ones show nothing.</summary>
public sealed class HistoryCheckerTests
{
    private static readonly IsolationLevel[] Levels = Enum.GetValues<IsolationLevel>();

    private readonly TransactionHistory _history = new();
    private long _time;

    [Fact]
    public void Transactions_one_after_another_show_nothing()
    {
        Commit(IsolationLevel.Serializable, Append(1, 10), Append(2, 11), Join(0, 90));
        Commit(IsolationLevel.Serializable, Read(ReadMode.Plain, (1, [10]), (2, [11])), ReadMembers(0, 90), Append(1, 12), Read(ReadMode.Plain, (1, [10, 12])));
        Commit(IsolationLevel.Serializable, Leave(0, 90), ReadMembers(0));
        End((1, [10, 12]), (2, [11]));

        Assert.Empty(Check().Examples);
    }

    [Fact]
    public void A_transaction_sees_its_own_writes_and_not_those_it_took_back()
    {
        Operation kept = Append(1, 10);
        Operation undone = Append(1, 11);
        undone.UndoneBefore = 3;
        Commit(IsolationLevel.ReadCommitted, kept, undone, Read(ReadMode.Plain, (1, [10, 11])), Read(ReadMode.Plain, (1, [10])));
        End((1, [10]));

        Assert.Empty(Check().Examples);
    }

    [Fact]
    public void A_committed_write_that_is_gone_is_found()
    {
        Commit(IsolationLevel.ReadCommitted, Append(1, 10));
        Commit(IsolationLevel.ReadCommitted, Append(1, 11));
        End((1, [11]));

        AssertForbiddenFrom(AnomalyKind.LostWrite, IsolationLevel.ReadUncommitted);
    }

    [Fact]
    public void A_transaction_that_lacks_its_own_write_is_found()
    {
        Commit(IsolationLevel.ReadCommitted, Append(1, 10), Read(ReadMode.Plain, (1, [])));
        End((1, [10]));

        AssertForbiddenFrom(AnomalyKind.Internal, IsolationLevel.ReadUncommitted);
    }

    [Fact]
    public void A_read_of_what_was_replaced_long_ago_is_found()
    {
        Commit(IsolationLevel.ReadCommitted, Append(1, 10));
        Commit(IsolationLevel.ReadCommitted, Read(ReadMode.Plain, (1, [])));
        End((1, [10]));

        AssertForbiddenFrom(AnomalyKind.StaleRead, IsolationLevel.ReadUncommitted);
    }

    [Fact]
    public void An_update_on_another_version_than_its_condition_names_is_found()
    {
        Commit(IsolationLevel.ReadCommitted, Append(1, 10));
        Commit(IsolationLevel.ReadCommitted, Append(1, 11) with { ExpectedCount = 0 });
        End((1, [10, 11]));

        AssertForbiddenFrom(AnomalyKind.WrongCondition, IsolationLevel.ReadUncommitted);
    }

    [Fact]
    public void A_dirty_write_is_found()
    {
        Commit(IsolationLevel.ReadCommitted, Append(1, 10), Append(2, 20));
        Commit(IsolationLevel.ReadCommitted, Append(1, 11), Append(2, 21));
        End((1, [10, 11]), (2, [21, 20]));

        AssertForbiddenFrom(AnomalyKind.DirtyWrite, IsolationLevel.ReadUncommitted);
    }

    [Fact]
    public void An_aborted_read_is_found()
    {
        Add(IsolationLevel.ReadCommitted, isCommitted: false, Append(1, 10), Join(0, 90));
        Together(IsolationLevel.ReadCommitted, [Read(ReadMode.Plain, (1, [10]))], [ReadMembers(0, 90)]);
        End((1, []));

        AssertForbiddenFrom(AnomalyKind.AbortedRead, IsolationLevel.ReadUncommitted);
        Assert.Equal(2, Check().CountOf(AnomalyKind.AbortedRead));
        Assert.False(IsForbidden(AnomalyKind.AbortedRead, IsolationLevel.ReadUncommitted, LevelRules.InnoDb));
    }

    [Fact]
    public void An_intermediate_read_is_found()
    {
        Together(IsolationLevel.ReadCommitted, [Append(1, 10), Append(1, 11)], [Read(ReadMode.Plain, (1, [10]))]);
        End((1, [10, 11]));

        AssertForbiddenFrom(AnomalyKind.IntermediateRead, IsolationLevel.ReadUncommitted);
    }

    [Fact]
    public void Transactions_that_see_each_other_are_found()
    {
        Together(
            IsolationLevel.ReadCommitted,
            [Append(1, 10), Read(ReadMode.Plain, (2, [20]))],
            [Append(2, 20), Read(ReadMode.Plain, (1, [10]))]);
        End((1, [10]), (2, [20]));

        AssertForbiddenFrom(AnomalyKind.CircularFlow, IsolationLevel.ReadUncommitted);
    }

    [Fact]
    public void A_transaction_that_vanishes_again_is_found()
    {
        Together(
            IsolationLevel.ReadCommitted,
            [Append(1, 10), Append(2, 20)],
            [Read(ReadMode.Plain, (1, [10])), Read(ReadMode.Plain, (2, []))]);
        End((1, [10]), (2, [20]));

        AssertForbiddenFrom(AnomalyKind.ObservedTransactionVanishes, IsolationLevel.ReadUncommitted);
    }

    [Fact]
    public void A_statement_that_sees_half_a_transaction_is_found()
    {
        Together(IsolationLevel.ReadCommitted, [Append(1, 10), Append(2, 20)], [Read(ReadMode.Plain, (1, [10]), (2, []))]);
        End((1, [10]), (2, [20]));

        AssertForbiddenFrom(AnomalyKind.FracturedRead, IsolationLevel.ReadUncommitted);
    }

    [Fact]
    public void A_row_that_changes_between_two_reads_is_found()
    {
        Together(IsolationLevel.ReadCommitted, [Append(1, 10)], [Read(ReadMode.Plain, (1, [])), Read(ReadMode.Plain, (1, [10]))]);
        End((1, [10]));

        AssertForbiddenFrom(AnomalyKind.NonRepeatableRead, IsolationLevel.RepeatableRead);
        Assert.Contains(Check().Examples, static anomaly => anomaly.Kind == AnomalyKind.ReadSkew);
    }

    [Fact]
    public void A_lost_update_is_found()
    {
        Together(IsolationLevel.RepeatableRead, [Append(1, 10)], [Read(ReadMode.Plain, (1, [])), Append(1, 11)]);
        End((1, [10, 11]));

        AssertForbiddenFrom(AnomalyKind.LostUpdate, IsolationLevel.Serializable);
    }

    [Fact]
    public void A_row_that_changes_under_its_lock_is_found()
    {
        Together(IsolationLevel.RepeatableRead, [Append(1, 10)], [Read(ReadMode.Update, (1, [])), Append(1, 11)]);
        End((1, [10, 11]));

        AssertForbiddenFrom(AnomalyKind.BrokenOrder, IsolationLevel.ReadUncommitted);
    }

    [Fact]
    public void Reads_of_two_moments_are_found()
    {
        Together(
            IsolationLevel.RepeatableRead,
            [Append(1, 10), Append(2, 20)],
            [Read(ReadMode.Plain, (1, [])), Read(ReadMode.Plain, (2, [20]))]);
        End((1, [10]), (2, [20]));

        AssertForbiddenFrom(AnomalyKind.ReadSkew, IsolationLevel.Serializable);
        Assert.True(IsForbidden(AnomalyKind.BrokenOrder, IsolationLevel.RepeatableRead, LevelRules.Own));
        Assert.DoesNotContain(CheckAt(IsolationLevel.ReadCommitted, LevelRules.Own).Examples, static anomaly => anomaly.IsForbidden);
    }

    [Fact]
    public void Write_skew_is_found()
    {
        Together(
            IsolationLevel.RepeatableRead,
            [Read(ReadMode.Plain, (1, []), (2, [])), Append(1, 10)],
            [Read(ReadMode.Plain, (1, []), (2, [])), Append(2, 20)]);
        End((1, [10]), (2, [20]));

        AssertForbiddenFrom(AnomalyKind.WriteSkew, IsolationLevel.Serializable);
    }

    [Fact]
    public void A_phantom_is_found()
    {
        Together(IsolationLevel.RepeatableRead, [ReadMembers(0), Join(0, 90)], [ReadMembers(0), Join(0, 91)]);
        End((1, []));

        AssertForbiddenFrom(AnomalyKind.Phantom, IsolationLevel.Serializable);
    }

    [Fact]
    public void A_saved_history_is_judged_as_it_was()
    {
        Together(IsolationLevel.RepeatableRead, [Append(1, 10)], [Read(ReadMode.Plain, (1, [])), Append(1, 11) with { ExpectedCount = 0 }]);
        End((1, [10, 11]));
        string file = Path.GetTempFileName();
        try
        {
            _history.Save(file);
            Findings again = HistoryChecker.Check(TransactionHistory.Load(file), LevelRules.Own);

            Assert.Equal(Check().Examples, again.Examples);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static Operation Append(int key, int id) => new() { Kind = OperationKind.Append, Key = key, Id = id };

    private static Operation Join(int group, int id) => new() { Kind = OperationKind.Join, Key = group, Id = id };

    private static Operation Leave(int group, int id) => new() { Kind = OperationKind.Leave, Key = group, Id = id };

    private static Operation Read(ReadMode mode, params (int Key, int[] List)[] lists) => new()
    {
        Kind = OperationKind.Read,
        Mode = mode,
        Lists = lists.ToDictionary(static one => one.Key, static one => one.List),
    };

    private static Operation ReadMembers(int group, params int[] members) =>
        new() { Kind = OperationKind.ReadMembers, Key = group, Members = members };

    /// <summary>One that has ended before the next begins.</summary>
    private void Commit(IsolationLevel level, params Operation[] operations) => Add(level, isCommitted: true, operations);

    /// <summary>Some that are under way at the same time, and commit.</summary>
    private void Together(IsolationLevel level, params Operation[][] transactions)
    {
        foreach (Operation[] operations in transactions)
            _history.Transactions.Add(new RecordedTransaction { Level = level, IsCommitted = true, Operations = [.. operations], Began = _time, Ended = long.MaxValue });
    }

    private void Add(IsolationLevel level, bool isCommitted, params Operation[] operations)
    {
        long began = _time++;
        _history.Transactions.Add(new RecordedTransaction
        {
            Level = level,
            IsCommitted = isCommitted,
            Operations = [.. operations.Select(operation => operation with { Started = began })],
            Began = began,
            Ended = _time++,
        });
    }

    private void End(params (int Key, int[] List)[] lists)
    {
        foreach ((int key, int[] list) in lists)
            _history.Lists.Add(key, list);
        HashSet<int> left = [.. Effective(OperationKind.Leave).Select(static one => one.Id)];
        _history.Members.Add(0, [.. Effective(OperationKind.Join).Select(static one => one.Id).Where(id => !left.Contains(id))]);
    }

    private IEnumerable<Operation> Effective(OperationKind kind) => _history.Transactions
        .Where(static one => one.IsCommitted).SelectMany(static one => one.Operations).Where(one => one.Kind == kind);

    private Findings Check() => HistoryChecker.Check(_history, LevelRules.Own);

    private Findings CheckAt(IsolationLevel level, LevelRules rules)
    {
        TransactionHistory history = _history with { Transactions = _history.Transactions.ConvertAll(one => one with { Level = level }) };
        return HistoryChecker.Check(history, rules);
    }

    private bool IsForbidden(AnomalyKind kind, IsolationLevel level, LevelRules rules) =>
        CheckAt(level, rules).Forbidden.Any(anomaly => anomaly.Kind == kind);

    private void AssertForbiddenFrom(AnomalyKind kind, IsolationLevel lowest)
    {
        foreach (IsolationLevel level in Levels)
        {
            Findings findings = CheckAt(level, LevelRules.Own);
            Assert.True(findings.CountOf(kind) > 0, $"{kind} was not found at {level}");
            Assert.Equal(level >= lowest, findings.Forbidden.Any(anomaly => anomaly.Kind == kind));
        }
    }
}
