namespace Pipeline.Monitoring.StatusPage;

/// <summary>An open page's place in the feed.</summary>
internal sealed class StatusVisit(StatusFeed feed) : IDisposable
{
    private Task _next = Task.CompletedTask;
    private int _left;

    /// <summary>The picture as it is, then whenever there is a newer one. What was drawn while the page was busy is passed over.</summary>
    public async Task<byte[]> NextAsync(CancellationToken cancellationToken)
    {
        await _next.WaitAsync(cancellationToken);
        (var picture, _next) = feed.Current();
        return picture;
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _left, 1) == 0) feed.Leave();
    }
}
