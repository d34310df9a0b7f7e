namespace Pipeline.Tests.Integration.Monitoring;

internal static class NoteShould
{
    public static NoteAssertions Should(this Note note) => new(note);
}
