using Xunit;

namespace Pipeline.Tests.Integration.Sources;

/// <summary>Gives every test a token that ends with the test or after 30 s, so that an event that never comes fails it.</summary>
public abstract class JetstreamTestBase : IDisposable
{
    private readonly CancellationTokenSource _deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    protected JetstreamTestBase() => _deadline.CancelAfter(TimeSpan.FromSeconds(30));

    protected CancellationToken Token => _deadline.Token;

    public void Dispose()
    {
        _deadline.Dispose();
        GC.SuppressFinalize(this);
    }
}
