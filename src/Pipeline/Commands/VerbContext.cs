using System.CommandLine;
using Microsoft.Extensions.Logging;

namespace Pipeline.Commands;

/// <summary>What a verb works with.</summary>
internal sealed record VerbContext(ParseResult Arguments, SettingValues Settings, ILoggerFactory Loggers)
{
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
