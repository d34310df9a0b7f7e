using Spectre.Console;

namespace Pipeline.Commands;

/// <summary>A table in the one style that all verbs print.</summary>
internal static class PlainTable
{
    public static Table Create() => new Table().Border(AnsiConsole.Profile.Capabilities.Unicode ? TableBorder.Simple : TableBorder.Ascii);
}
