// The code of docs/embedding.md: dotnet run -c Release --project docs/samples/Embedding -- FOLDER
P2PDB.Samples.Embedding.Shop.Run(args is [string folder] ? folder : "data", Console.Out);
