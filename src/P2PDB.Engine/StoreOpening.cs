using System.Runtime.ExceptionServices;
using P2PDB.Engine.Storage.Pages;

namespace P2PDB.Engine;

/// <summary>A page store that is opened beside the reading of the log, since a start waits for both.</summary>
internal sealed class StoreOpening
{
    private readonly Func<PageStore> _open;
    private readonly Thread? _thread;
    private PageStore? _store;
    private ExceptionDispatchInfo? _failure;

    /// <summary>Starts opening; in the call itself where <paramref name="isInline"/> says that one thread does all, in one order.</summary>
    public StoreOpening(Func<PageStore> open, bool isInline)
    {
        _open = open;
        if (isInline)
        {
            Run();
            return;
        }

        _thread = new Thread(Run) { IsBackground = true, Name = "store opening" };
        _thread.Start();
    }

    /// <summary>Waits for the store, and throws what opening it threw.</summary>
    public PageStore Finish()
    {
        _thread?.Join();
        _failure?.Throw();
        return _store!;
    }

    /// <summary>Closes the store, if it opens: there is no log to it.</summary>
    public void Abandon()
    {
        _thread?.Join();
        _store?.Dispose();
    }

    private void Run()
    {
        try
        {
            _store = _open();
        }
        catch (Exception failure)
        {
            _failure = ExceptionDispatchInfo.Capture(failure);
        }
    }
}
