using System.Runtime.InteropServices;

namespace Pipeline.Commands;

/// <summary>
/// Ctrl-C and SIGTERM ask for a clean end, which has five seconds; a second one ends the program at once. Either way nothing is lost:
/// what is not in the log is sent again by the source, what is not committed is still in the log.
/// </summary>
internal sealed class ShutdownSignal : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(4.5);

    private readonly CancellationTokenSource _stop = new();
    private readonly List<PosixSignalRegistration> _registrations;
    private Timer? _deadline;

    public ShutdownSignal() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
    ];

    public CancellationToken Token => _stop.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations) registration.Dispose();
        _deadline?.Dispose();
        _stop.Dispose();
    }

    private static void Exit(int code)
    {
        // Progress bars hide it, and do not come to show it again.
        if (!Console.IsOutputRedirected) Console.CursorVisible = true;
        Environment.Exit(code);
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        if (_stop.IsCancellationRequested) Exit(ExitCode.Interrupted);
        _deadline = new Timer(_ => Exit(ExitCode.Ok), null, _patience, Timeout.InfiniteTimeSpan);
        _stop.Cancel();
    }
}
