namespace P2PDB.Isolation.Checking;

/// <summary>A directed graph whose edges say why, and a search for circles in it.</summary>
internal sealed class DependencyGraph
{
    private readonly List<List<Edge>> _edges = [];
    private readonly HashSet<(int From, int To, EdgeKind Kind)> _known = [];

    /// <summary>Adds a node and gives its number.</summary>
    public int AddNode()
    {
        _edges.Add([]);
        return _edges.Count - 1;
    }

    /// <summary>Adds an edge; one from a node to itself, or that is there already, adds nothing.</summary>
    public void AddEdge(int from, int to, EdgeKind kind, string cause)
    {
        if (from != to && _known.Add((from, to, kind)))
            _edges[from].Add(new Edge(from, to, kind, cause));
    }

    /// <summary>All edges of the kinds named.</summary>
    public IEnumerable<Edge> EdgesOf(EdgeKind kinds) => _edges.SelectMany(static edges => edges).Where(edge => (edge.Kind & kinds) != 0);

    /// <summary>A shortest circle over edges of the kinds named, or null where there is none.</summary>
    public List<Edge>? FindCircle(EdgeKind kinds)
    {
        bool[] isLeft = Core(kinds);
        List<Edge>? shortest = null;
        foreach (int node in Enumerable.Range(0, _edges.Count).Where(node => isLeft[node]))
        {
            if (FindPath(node, node, kinds) is { } circle && (shortest is null || circle.Count < shortest.Count))
                shortest = circle;
            if (shortest is { Count: 2 })
                break;
        }

        return shortest;
    }

    /// <summary>A shortest way along edges of the kinds named, of one edge at least; null where there is none.</summary>
    public List<Edge>? FindPath(int from, int to, EdgeKind kinds)
    {
        var cameBy = new Dictionary<int, Edge>();
        var queue = new Queue<int>();
        queue.Enqueue(from);
        while (queue.TryDequeue(out int node))
        {
            foreach (Edge edge in _edges[node])
            {
                if ((edge.Kind & kinds) == 0 || !cameBy.TryAdd(edge.To, edge))
                    continue;
                if (edge.To == to)
                    return Trace(cameBy, from, to);
                queue.Enqueue(edge.To);
            }
        }

        return null;
    }

    private static List<Edge> Trace(Dictionary<int, Edge> cameBy, int from, int to)
    {
        List<Edge> path = [];
        int node = to;
        do
        {
            Edge edge = cameBy[node];
            path.Insert(0, edge);
            node = edge.From;
        }
        while (node != from);

        return path;
    }

    /// <summary>The nodes that are left when those without predecessors, or without successors, are taken away again and again.</summary>
    private bool[] Core(EdgeKind kinds)
    {
        bool[] isLeft = Enumerable.Repeat(true, _edges.Count).ToArray();
        List<Edge> all = [.. EdgesOf(kinds)];
        ILookup<int, int> successors = all.ToLookup(edge => edge.From, edge => edge.To);
        ILookup<int, int> predecessors = all.ToLookup(edge => edge.To, edge => edge.From);
        Strip(isLeft, successors, predecessors);
        Strip(isLeft, predecessors, successors);
        return isLeft;
    }

    private static void Strip(bool[] isLeft, ILookup<int, int> forward, ILookup<int, int> backward)
    {
        int[] incoming = new int[isLeft.Length];
        var free = new Queue<int>();
        for (int node = 0; node < isLeft.Length; node++)
        {
            incoming[node] = backward[node].Count(source => isLeft[source]);
            if (incoming[node] == 0 && isLeft[node])
                free.Enqueue(node);
        }

        while (free.TryDequeue(out int node))
        {
            isLeft[node] = false;
            foreach (int target in forward[node])
            {
                if (isLeft[target] && --incoming[target] == 0)
                    free.Enqueue(target);
            }
        }
    }
}
