namespace Pipeline.Commands;

/// <summary>What the program's exit code means.</summary>
internal static class ExitCode
{
    public const int Ok = 0;

    /// <summary>The work was done and found something wrong: `verify`, `demo` and `audit`.</summary>
    public const int Findings = 1;

    /// <summary>Unknown or impossible arguments or settings.</summary>
    public const int Usage = 2;

    /// <summary>Redis, the lake or a source is not to be had.</summary>
    public const int Environment = 3;

    /// <summary>A second Ctrl-C, or a first one while a verb was to judge something: `verify`, `audit`, `health`.</summary>
    public const int Interrupted = 130;
}
