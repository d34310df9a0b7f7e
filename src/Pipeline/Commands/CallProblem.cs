using System.CommandLine;
using System.CommandLine.Parsing;

namespace Pipeline.Commands;

/// <summary>Says what is wrong with the way the program was called, in the program's own words.</summary>
internal static class CallProblem
{
    /// <summary>One line; null when nothing is wrong.</summary>
    public static string? In(ParseResult arguments)
    {
        if (arguments.Action is not System.CommandLine.Invocation.ParseErrorAction && arguments.Errors.Count > 0) return null;
        var what = Swallowed(arguments.CommandResult) ?? (arguments.Errors.Count == 0 ? null : Unknown(arguments) ?? Explain(arguments.Errors[0]));
        return what is null ? null : $"{what} Try `{string.Join(' ', Names(arguments.CommandResult))} --help`.";
    }

    private static IEnumerable<string> Names(CommandResult command) =>
        command.Parent is CommandResult parent ? Names(parent).Append(command.Command.Name) : ["pipeline"];

    /// <summary>An option whose value was forgotten takes the next option for one.</summary>
    private static string? Swallowed(CommandResult command)
    {
        var names = command.Command.Options.SelectMany(o => o.Aliases.Append(o.Name)).ToHashSet(StringComparer.Ordinal);
        foreach (var option in command.Children.OfType<OptionResult>())
        {
            if (option.Tokens.FirstOrDefault(t => names.Contains(t.Value)) is { } other) return $"{option.Option.Name} has no value: {other.Value}, which follows it, is an option of its own.";
        }

        return null;
    }

    private static string? Unknown(ParseResult arguments)
    {
        if (arguments.UnmatchedTokens is not [var token, ..]) return null;
        var command = arguments.CommandResult.Command;
        var known = token.StartsWith('-') ? command.Options.Select(o => o.Name) : command.Subcommands.Select(c => c.Name);
        var shown = Shown(token);
        return Guess.Of(shown, known) is { } guess
            ? $"'{shown}' is no command, option or argument here; did you mean {guess}?"
            : $"'{shown}' is no command, option or argument here.";
    }

    private static string Explain(ParseError error)
    {
        var option = error.SymbolResult as OptionResult ?? error.SymbolResult?.Parent as OptionResult;
        return option switch
        {
            { Tokens.Count: 0 } => $"{option.Option.Name} has no value.",
            { Tokens.Count: > 1 } => $"{option.Option.Name} is given more than once; leave one out.",
            { Tokens: [var token] } when option.Option.ValueType == typeof(int) => $"{option.Option.Name} is '{Shown(token.Value)}'; use a whole number, {int.MaxValue} at most.",
            { Tokens: [var token] } when option.Option.ValueType == typeof(long) => $"{option.Option.Name} is '{Shown(token.Value)}'; use a whole number.",
            _ => error.Message,
        };
    }

    // A mistyped --redis=... is unknown here, and may hold a password: only what comes before its value is shown.
    private static string Shown(string token) => token.IndexOfAny(['=', ':', '@', ',']) is var end and >= 0 ? token[..end] + "..." : token;
}
