namespace Pipeline.Scheduling;

/// <summary>Writes every closed window once: the one method that every schedule drives, so that scheduling cannot change what is written.</summary>
public interface IWindowRun
{
    /// <summary>Runs once.</summary>
    /// <returns>How it ended; what can go wrong outside of the program is part of the report, also a cancellation.</returns>
    /// <exception cref="Exception">The program is broken, or Redis refuses its user: no later run can do better.</exception>
    Task<RunReport> RunAsync(RunRequest request, CancellationToken cancellationToken);
}
