namespace Pipeline.Commands;

/// <summary>Guesses what a misspelt name was meant to be.</summary>
internal static class Guess
{
    private const int MostLetters = 2;

    /// <summary>The nearest of the known names; null when none is near.</summary>
    public static string? Of(string name, IEnumerable<string> known)
    {
        var nearest = known.Select(k => (Name: k, Distance: EditDistance.Between(k, name))).OrderBy(k => k.Distance).FirstOrDefault();
        return nearest.Name is not null && nearest.Distance <= Math.Min(MostLetters, name.TrimStart('-').Length / 2) ? nearest.Name : null;
    }
}
