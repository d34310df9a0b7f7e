namespace Pipeline.Tests.Harness;

/// <summary>What a program answered. Both texts are trimmed.</summary>
internal sealed record CommandResult(int ExitCode, string Output, string Error)
{
    public bool Succeeded => ExitCode == 0;
}
