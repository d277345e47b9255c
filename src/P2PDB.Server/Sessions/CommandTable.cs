using P2PDB.Engine.Types;
using P2PDB.Server.Packets;

namespace P2PDB.Server.Sessions;

/// <summary>Runs one command; false ends the connection after what was written is sent.</summary>
internal delegate bool Command(ClientSession session, ReadOnlySpan<byte> arguments);

/// <summary>The commands of the protocol by their code.</summary>
internal static class CommandTable
{
    private static readonly Command?[] Commands = Fill();

    /// <summary>Runs the command that the packet holds.</summary>
    public static bool Dispatch(ClientSession session, ReadOnlySpan<byte> packet)
    {
        session.Channel.ExpectCommand();
        if (packet.IsEmpty || packet[0] >= Commands.Length || Commands[packet[0]] is not { } command)
        {
            session.WriteError(SqlErrors.UnknownCommand());
            return true;
        }

        return command(session, packet[1..]);
    }

    private static Command?[] Fill()
    {
        var commands = new Command?[(int)CommandCode.ResetConnection + 1];
        Set(CommandCode.Quit, ConnectionCommands.Quit);
        Set(CommandCode.InitDatabase, ConnectionCommands.InitDatabase);
        Set(CommandCode.Query, QueryCommands.Query);
        Set(CommandCode.FieldList, QueryCommands.FieldList);
        Set(CommandCode.Statistics, ConnectionCommands.Statistics);
        Set(CommandCode.ProcessKill, ConnectionCommands.ProcessKill);
        Set(CommandCode.Ping, ConnectionCommands.Ping);
        Set(CommandCode.ChangeUser, ConnectionCommands.ChangeUser);
        Set(CommandCode.StatementPrepare, StatementCommands.Prepare);
        Set(CommandCode.StatementExecute, StatementCommands.Execute);
        Set(CommandCode.StatementSendLongData, StatementCommands.SendLongData);
        Set(CommandCode.StatementClose, StatementCommands.Close);
        Set(CommandCode.StatementReset, StatementCommands.Reset);
        Set(CommandCode.StatementFetch, StatementCommands.Fetch);
        Set(CommandCode.SetOption, ConnectionCommands.SetOption);
        Set(CommandCode.ResetConnection, ConnectionCommands.ResetConnection);
        return commands;

        void Set(CommandCode code, Command command) => commands[(int)code] = command;
    }
}
