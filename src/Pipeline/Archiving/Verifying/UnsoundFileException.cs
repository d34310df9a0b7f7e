namespace Pipeline.Archiving.Verifying;

/// <summary>A file cannot be read as a file of the lake.</summary>
internal sealed class UnsoundFileException(LakeFindingKind kind, string message) : Exception(message)
{
    public LakeFindingKind Kind => kind;
}
