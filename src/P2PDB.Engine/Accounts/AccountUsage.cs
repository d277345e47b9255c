namespace P2PDB.Engine.Accounts;

/// <summary>
/// What accounts have used within the hour, and how often a login failed in a row. In memory: a start forgets it, as MySQL's does.
/// </summary>
internal sealed class AccountUsage(TimeProvider clock)
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<AccountKey, Count> _counts = [];

    /// <summary>Counts a login that is about to open a session; the limit that it meets and its value, or null.</summary>
    public (string Limit, uint Value)? BeginConnection(StoredAccount account)
    {
        AccountLimits limits = account.Limits;
        lock (_gate)
        {
            Count count = CountOf(account.Key);
            StartHour(count);
            if (limits.Connections > 0 && count.OpenConnections >= limits.Connections)
                return ("max_user_connections", limits.Connections);
            if (limits.ConnectionsPerHour > 0 && count.Connections >= limits.ConnectionsPerHour)
                return ("max_connections_per_hour", limits.ConnectionsPerHour);
            count.OpenConnections++;
            count.IsForgotten = false;
            count.Connections++;
        }

        return null;
    }

    /// <summary>The account's session has ended.</summary>
    public void EndConnection(AccountKey key)
    {
        lock (_gate)
        {
            if (!_counts.TryGetValue(key, out Count? count))
                return;
            count.OpenConnections = Math.Max(0, count.OpenConnections - 1);
            if (count is { IsForgotten: true, OpenConnections: 0 })
                _counts.Remove(key);
        }
    }

    /// <summary>Counts a statement; the limit that it meets and its value, or null.</summary>
    public (string Limit, uint Value)? BeginStatement(AccountKey key, in AccountLimits limits, bool isUpdate)
    {
        lock (_gate)
        {
            Count count = CountOf(key);
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
        lock (_gate)
        {
            Count count = CountOf(account.Key);
            if (++count.Failures >= account.FailedLoginsMax && count.LockedSince is null)
                count.LockedSince = clock.GetUtcNow();
        }
    }

    /// <summary>A login succeeded, or the account was unlocked or given another password: failures count from none again.</summary>
    public void ForgetFailures(AccountKey key)
    {
        lock (_gate)
        {
            if (_counts.TryGetValue(key, out Count? count))
                (count.Failures, count.LockedSince) = (0, null);
        }
    }

    /// <summary>
    /// The account has gone, or has another name now: one that comes to have its name starts from nothing. Connections that are open still
    /// count until they end.
    /// </summary>
    public void Forget(AccountKey key)
    {
        lock (_gate)
        {
            if (!_counts.Remove(key, out Count? count) || count.OpenConnections == 0)
                return;
            _counts[key] = new Count { HourStart = clock.GetUtcNow(), OpenConnections = count.OpenConnections, IsForgotten = true };
        }
    }

    /// <summary>Days that failed logins keep the account locked for, from now; -1 without end; 0 where it is not locked.</summary>
    public int LockedDays(StoredAccount account)
    {
        if (account.FailedLoginsMax == 0 || account.LockDays == 0)
            return 0;
        lock (_gate)
        {
            if (!_counts.TryGetValue(account.Key, out Count? count) || count.LockedSince is not { } since)
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

    /// <summary>The hour begins anew for all; and what failed logins have locked is unlocked, where that is wanted too.</summary>
    public void Clear(bool unlocks)
    {
        lock (_gate)
        {
            foreach (Count count in _counts.Values)
            {
                (count.Queries, count.Updates, count.Connections) = (0, 0, 0);
                if (unlocks)
                    (count.Failures, count.LockedSince) = (0, null);
            }
        }
    }

    private Count CountOf(AccountKey key)
    {
        if (!_counts.TryGetValue(key, out Count? count))
            _counts[key] = count = new Count { HourStart = clock.GetUtcNow() };
        return count;
    }

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
        public bool IsForgotten;
    }
}
