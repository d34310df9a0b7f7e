using Microsoft.Extensions.Logging;

namespace Pipeline.Tests.Integration.Sources;

internal sealed record LogEntry(LogLevel Level, string Message, IReadOnlyDictionary<string, object?> Values);
