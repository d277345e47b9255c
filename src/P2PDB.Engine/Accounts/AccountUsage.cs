using System.Collections.Concurrent;

namespace P2PDB.Engine.Accounts;

/// <summary>
/// What accounts have used within the hour, and how often a login failed in a row. In memory: a start forgets it, as MySQL's does.
/// </summary>
internal sealed class AccountUsage(TimeProvider clock)
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<AccountKey, Count> _counts = new();

    /// <summary>Counts a login that is about to open a session; the limit that it meets and its value, or null.</summary>
    public (string Limit, uint Value)? BeginConnection(StoredAccount account)
    {
        AccountLimits limits = account.Limits;
        Count count = CountOf(account.Key);
        lock (count)
        {
            StartHour(count);
            if (limits.Connections > 0 && count.OpenConnections >= limits.Connections)
                return ("max_user_connections", limits.Connections);
            if (limits.ConnectionsPerHour > 0 && count.Connections >= limits.ConnectionsPerHour)
                return ("max_connections_per_hour", limits.ConnectionsPerHour);
            count.OpenConnections++;
            count.Connections++;
        }

        return null;
    }

    /// <summary>The account's session has ended.</summary>
    public void EndConnection(AccountKey key)
    {
        Count count = CountOf(key);
        lock (count)
            count.OpenConnections = Math.Max(0, count.OpenConnections - 1);
    }

    /// <summary>Counts a statement; the limit that it meets and its value, or null.</summary>
    public (string Limit, uint Value)? BeginStatement(AccountKey key, in AccountLimits limits, bool isUpdate)
    {
        Count count = CountOf(key);
        lock (count)
        {
            StartHour(count);
            if (limits.QueriesPerHour > 0 && count.Queries >= limits.QueriesPerHour)
                return ("max_queries_per_hour", limits.QueriesPerHour);
            count.Queries++;
            if (!isUpdate)
                return null;
            if (limits.UpdatesPerHour > 0 && count.Updates >= limits.UpdatesPerHour)
                return ("max_updates_per_hour", limits.UpdatesPerHour);
            count.Updates++;
        }

        return null;
    }

    /// <summary>
    /// A login failed by its password. Once that happened as often in a row as the account allows, it is locked for its days.
    /// </summary>
    public void CountFailure(StoredAccount account)
    {
        if (account.FailedLoginsMax == 0 || account.LockDays == 0)
            return;
        Count count = CountOf(account.Key);
        lock (count)
        {
            if (++count.Failures >= account.FailedLoginsMax && count.LockedSince is null)
                count.LockedSince = clock.GetUtcNow();
        }
    }

    /// <summary>A login succeeded, or the account was unlocked or given another password: failures count from none again.</summary>
    public void ForgetFailures(AccountKey key)
    {
        if (!_counts.TryGetValue(key, out Count? count))
            return;
        lock (count)
            (count.Failures, count.LockedSince) = (0, null);
    }

    /// <summary>Days that failed logins keep the account locked for, from now; -1 without end; 0 where it is not locked.</summary>
    public int LockedDays(StoredAccount account)
    {
        if (account.FailedLoginsMax == 0 || account.LockDays == 0 || !_counts.TryGetValue(account.Key, out Count? count))
            return 0;
        lock (count)
        {
            if (count.LockedSince is not { } since)
                return 0;
            if (account.LockDays < 0)
                return -1;
            TimeSpan rest = since + TimeSpan.FromDays(account.LockDays) - clock.GetUtcNow();
            if (rest > TimeSpan.Zero)
                return (int)Math.Ceiling(rest.TotalDays);
            (count.Failures, count.LockedSince) = (0, null);
            return 0;
        }
    }

    /// <summary>FLUSH USER_RESOURCES: the hour begins anew for all.</summary>
    public void Clear()
    {
        foreach (Count count in _counts.Values)
        {
            lock (count)
                (count.Queries, count.Updates, count.Connections) = (0, 0, 0);
        }
    }

    private Count CountOf(AccountKey key) => _counts.GetOrAdd(key, static (_, now) => new Count { HourStart = now }, clock.GetUtcNow());

    private void StartHour(Count count)
    {
        DateTimeOffset now = clock.GetUtcNow();
        if (now - count.HourStart < Hour)
            return;
        count.HourStart = now;
        (count.Queries, count.Updates, count.Connections) = (0, 0, 0);
    }

    private sealed class Count
    {
        public DateTimeOffset HourStart;
        public uint Queries;
        public uint Updates;
        public uint Connections;
        public long OpenConnections;
        public int Failures;
        public DateTimeOffset? LockedSince;
    }
}
